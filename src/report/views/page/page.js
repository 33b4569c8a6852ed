(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("data").textContent);
  var byId = function (id) { return document.getElementById(id); };
  var stacks = data.stacks;
  var state = { type: data.chosen, bench: 0, fold: true, term: null, sort: "cum", rows: 40, file: -1, zoom: [] };

  // Text is only ever set as text: nothing of a profile becomes markup.
  function make(tag, options, children) {
    var element = document.createElement(tag);
    options = options || {};
    Object.keys(options).forEach(function (key) {
      if (key === "text") element.textContent = options.text;
      else if (key === "on") Object.keys(options.on).forEach(function (name) { element.addEventListener(name, options.on[name]); });
      else element.setAttribute(key, options[key]);
    });
    (children || []).forEach(function (child) { if (child) element.appendChild(child); });
    return element;
  }
  function fill(element, children) { element.textContent = ""; children.forEach(function (child) { element.appendChild(child); }); }

  // ---- Numbers -------------------------------------------------------------------------------
  var SCALES = {
    nanoseconds: [["ns", 1], ["µs", 1e3], ["ms", 1e6], ["s", 1e9]],
    bytes: [["B", 1], ["kB", 1024], ["MB", 1048576], ["GB", 1073741824]]
  };
  var COUNTS = [["", 1], ["k", 1e3], ["M", 1e6], ["G", 1e9]];
  function short(value, unit) {
    var scale = SCALES[unit] || COUNTS, chosen = scale[0], size = Math.abs(value);
    scale.forEach(function (step) { if (size >= step[1]) chosen = step; });
    var number = value / chosen[1];
    var digits = chosen === scale[0] && Number.isInteger(number) ? 0 : Math.abs(number) < 10 ? 2 : Math.abs(number) < 100 ? 1 : 0;
    return number.toFixed(digits) + chosen[0];
  }
  function cost(value) { return value === 0 ? "·" : short(value, data.types[state.type][1]); }
  function percent(share) { return (100 * share).toFixed(share < 0.0995 ? 2 : 1) + "%"; }

  // ---- Stacks --------------------------------------------------------------------------------
  var count = stacks.name.length;
  var parent = new Int32Array(count);
  (function () {
    var path = [];
    for (var i = 0; i < count; i++) {
      path[stacks.depth[i]] = i;
      parent[i] = stacks.depth[i] > 0 ? path[stacks.depth[i] - 1] : 0;
    }
  })();

  function Frame(name, up) {
    this.name = name; this.up = up; this.depth = up ? up.depth + 1 : 0;
    this.total = 0; this.own = 0; this.below = new Map(); this.folded = 0;
  }

  // The tree of the chosen bench and sample type; folded frames belong to their callers.
  function grow() {
    var own = new Float64Array(count), pairs = stacks.own[state.bench][state.type], at = 0;
    for (var i = 0; i < pairs.length; i += 2) { at += pairs[i]; own[at] = pairs[i + 1]; }
    var total = own.slice();
    for (i = count - 1; i > 0; i--) total[parent[i]] += total[i];
    var root = new Frame(-1, null), shown = new Array(count);
    shown[0] = root; root.total = total[0]; root.own = own[0];
    for (i = 1; i < count; i++) {
      if (total[i] === 0) { shown[i] = null; continue; }
      var up = shown[parent[i]], name = stacks.name[i];
      if (!up) { shown[i] = null; continue; }
      if (state.fold && stacks.folded[name]) {
        shown[i] = up; up.own += own[i]; up.folded += own[i];
        continue;
      }
      var frame = up.below.get(name);
      if (!frame) { frame = new Frame(name, up); up.below.set(name, frame); }
      frame.total += total[i]; frame.own += own[i];
      shown[i] = frame;
    }
    return root;
  }
  function nameOf(frame) { return frame.name < 0 ? "all" : stacks.names[frame.name]; }

  var root, focus, drawn = [];
  var ROW = 18;

  function draw() {
    var graph = byId("graph"), width = graph.clientWidth || 1000, list = [], deepest = 0;
    drawn = [];
    var chain = [];
    for (var frame = focus; frame; frame = frame.up) chain.unshift(frame);
    chain.forEach(function (frame) { if (frame !== focus) drawn.push({ frame: frame, left: 0, width: 1, above: true }); });
    var open = [[focus, 0]], least = 0.8 / width;
    while (open.length) {
      var entry = open.pop(), left = entry[1];
      frame = entry[0];
      var share = focus.total > 0 ? frame.total / focus.total : 0;
      if (share < least || drawn.length > 8000) continue;
      drawn.push({ frame: frame, left: left, width: share, above: false });
      frame.below.forEach(function (child) { open.push([child, left]); left += focus.total > 0 ? Math.max(0, child.total / focus.total) : 0; });
    }
    drawn.forEach(function (item, index) {
      frame = item.frame;
      deepest = Math.max(deepest, frame.depth);
      var hue = frame.name < 0 ? -1 : stacks.hues[frame.name];
      var marks = frame.name < 0 ? null : stacks.marks[frame.name];
      var element = make("div", {
        role: "treeitem", "data-i": index, tabindex: frame === focus ? "0" : "-1",
        "aria-label": describe(frame), title: describe(frame), text: (marks ? "⚑ " : "") + nameOf(frame)
      });
      element.style.left = 100 * item.left + "%";
      element.style.width = 100 * item.width + "%";
      element.style.top = frame.depth * ROW + "px";
      if (item.width * width < 14) element.style.padding = "0";
      element.style.background = hue < 0 ? "hsl(30 8% calc(var(--frame-light) + 8%))" : "hsl(" + hue + " 62% var(--frame-light))";
      if (item.above) element.classList.add("above");
      if (marks) element.classList.add("marked");
      if (state.term) element.classList.add(frame.name >= 0 && state.term.test(nameOf(frame)) ? "hit" : "miss");
      item.element = element;
      list.push(element);
    });
    graph.style.height = (deepest + 1) * ROW + 2 + "px";
    fill(graph, list);
    byId("reset").disabled = focus === root;
    if (!root.total) byId("details").textContent = "Nothing of this kind was measured here.";
  }

  function describe(frame) {
    var text = nameOf(frame) + " — " + cost(frame.total) + ", " + percent(frame.total / root.total) +
      "; own " + cost(frame.own);
    if (frame.folded) text += " (" + cost(frame.folded) + " of it in folded frames)";
    return text;
  }

  function detail(frame) {
    var box = byId("details"), parts = [make("code", { text: describe(frame) })];
    var place = frame.name >= 0 && places()[frame.name];
    if (place) parts.push(document.createTextNode(" "), jump(place.file, place.line, "source"));
    (frame.name >= 0 && stacks.marks[frame.name] || []).forEach(function (at) {
      parts.push(document.createTextNode(" "), make("a", { href: "#finding-" + at, text: "⚑ " + data.findings[at].lint }));
    });
    fill(box, parts);
  }

  function matched() {
    var sum = 0;
    if (state.term) (function walk(frame) {
      frame.below.forEach(function (child) {
        if (state.term.test(nameOf(child))) sum += child.total; else walk(child);
      });
    })(root);
    byId("matched").textContent = state.term && root.total ? "matched " + percent(sum / root.total) : "";
  }

  // Keeps the zoom, as far as the frames are there in the new tree.
  function regrow() {
    root = grow();
    focus = root;
    state.zoom.every(function (name) {
      var next = focus.below.get(name);
      if (next) focus = next;
      return next;
    });
    draw(); matched();
  }
  function zoom(frame) {
    focus = frame; state.zoom = [];
    for (var at = frame; at.up; at = at.up) state.zoom.unshift(at.name);
    draw(); detail(frame);
    drawn.forEach(function (item) { if (item.frame === frame) item.element.focus({ preventScroll: true }); });
  }

  function neighbour(item, key) {
    var middle = item.left + item.width / 2, depth = item.frame.depth;
    var near = drawn.filter(function (other) {
      if (key === "ArrowUp") return other.frame === item.frame.up;
      if (key === "ArrowDown") return other.frame.up === item.frame;
      return other.frame.depth === depth && (key === "ArrowLeft" ? other.left < item.left : other.left > item.left);
    });
    near.sort(function (a, b) {
      return key === "ArrowDown" ? b.width - a.width
        : Math.abs(a.left + a.width / 2 - middle) - Math.abs(b.left + b.width / 2 - middle);
    });
    return near[0];
  }

  // ---- Functions -----------------------------------------------------------------------------
  function functions() {
    var rows = new Map();
    (function walk(frame, open) {
      frame.below.forEach(function (child) {
        var row = rows.get(child.name);
        if (!row) { row = { name: child.name, own: 0, cum: 0 }; rows.set(child.name, row); }
        row.own += child.own;
        var nested = open.has(child.name);
        if (!nested) { row.cum += child.total; open.add(child.name); }
        walk(child, open);
        if (!nested) open.delete(child.name);
      });
    })(root, new Set());
    var list = Array.from(rows.values());
    list.sort(function (a, b) {
      if (state.sort === "name") return stacks.names[a.name] < stacks.names[b.name] ? -1 : 1;
      return Math.abs(b[state.sort]) - Math.abs(a[state.sort]);
    });
    var heading = function (key, text, numeric) {
      var order = state.sort === key ? "descending" : "none";
      return make("th", { "class": numeric ? "n" : "", scope: "col", "aria-sort": order }, [
        make("button", { type: "button", text: text + (state.sort === key ? " ▾" : ""), on: { click: function () { state.sort = key; functions(); } } })
      ]);
    };
    var head = make("tr", {}, [heading("own", "own", true), make("th", { "class": "n", text: "own %" }),
      heading("cum", "with callees", true), make("th", { "class": "n", text: "%" }), heading("name", "function", false), make("th", { text: "" })]);
    var body = list.slice(0, state.rows).map(function (row) {
      var share = function (value) {
        var cell = make("td", { "class": "n", text: percent(root.total ? value / root.total : 0) });
        cell.style.setProperty("--share", Math.min(100, 100 * Math.abs(value) / (root.total || 1)) + "%");
        return cell;
      };
      var place = places()[row.name];
      var name = make("button", { type: "button", text: stacks.names[row.name], title: "Find in the flame graph", on: { click: function () {
        byId("search").value = "^" + stacks.names[row.name].replace(/[.*+?^${}()|[\]\\]/g, "\\$&") + "$";
        search(); byId("flame").scrollIntoView();
      } } });
      var extra = make("td", {}, []);
      if (place) extra.appendChild(jump(place.file, place.line, "source"));
      (stacks.marks[row.name] || []).forEach(function (at) {
        extra.appendChild(document.createTextNode(" "));
        extra.appendChild(make("a", { href: "#finding-" + at, text: "⚑ " + data.findings[at].lint }));
      });
      return make("tr", {}, [make("td", { "class": "n", text: cost(row.own) }), share(row.own),
        make("td", { "class": "n", text: cost(row.cum) }), share(row.cum), make("td", { "class": "name" }, [name]), extra]);
    });
    fill(byId("table"), [make("thead", {}, [head]), make("tbody", {}, body)]);
    byId("more").hidden = list.length <= state.rows;
  }

  // ---- Source --------------------------------------------------------------------------------
  function places() { return data.places || {}; }
  function jump(file, line, text) {
    return make("a", { href: "#source", text: text || data.sources[file].path + ":" + line,
      on: { click: function (event) { event.preventDefault(); show(file, line); } } });
  }
  function costsOf(file, type) {
    var lines = new Map(), rows = data.costs[state.bench][type];
    for (var i = 0; i < rows.length; i += 4) if (rows[i] === file) lines.set(rows[i + 1], [rows[i + 2], rows[i + 3]]);
    return lines;
  }
  function totalOf(type) {
    var pairs = stacks.own[state.bench][type], sum = 0;
    for (var i = 1; i < pairs.length; i += 2) sum += pairs[i];
    return sum;
  }
  var BESIDE = ["alloc_space", "alloc_objects", "lock_delay", "io_calls"];
  var opened = {};

  function listing(target) {
    var table = byId("listing"), file = state.file;
    byId("no-source").hidden = file >= 0;
    if (file < 0) { table.textContent = ""; return; }
    byId("file").value = file;
    var source = data.sources[file];
    if (source.text === null) {
      fill(table, [make("tr", {}, [make("td", { text: source.path + " is not in this page: it is cold, or too large." })])]);
      return;
    }
    var text = source.text.split("\n"), costs = costsOf(file, state.type), whole = totalOf(state.type);
    var beside = [];
    data.types.forEach(function (kind, at) {
      if (at !== state.type && BESIDE.indexOf(kind[0]) >= 0) {
        var lines = costsOf(file, at);
        if (lines.size) beside.push({ kind: kind, lines: lines });
      }
    });
    var flags = new Map();
    data.findings.forEach(function (finding, at) {
      if (finding.place.file !== file) return;
      for (var line = finding.place.line; line <= Math.min(finding.place.last, finding.place.line + 200); line++) {
        if (!flags.has(line)) flags.set(line, []);
        flags.get(line).push(at);
      }
    });
    var shown = new Set(), keep = function (line, around) {
      for (var i = line - around; i <= line + around; i++) shown.add(i);
    };
    costs.forEach(function (_, line) { keep(line, 4); });
    beside.forEach(function (column) { column.lines.forEach(function (_, line) { keep(line, 4); }); });
    flags.forEach(function (_, line) { keep(line, 4); });
    if (target) keep(target, 8);
    var all = opened[file] || text.length <= 60;
    var head = ["", "own", "with callees"].concat(beside.map(function (column) { return column.kind[0]; }), ["line", "source"]);
    var rows = [], gap = 0;
    var close = function () {
      if (!gap) return;
      rows.push(make("tr", { "class": "gap" }, [make("td", { colspan: head.length }, [
        make("button", { type: "button", text: "… " + gap + " cold lines", on: { click: function () { opened[file] = true; listing(); } } })])]));
      gap = 0;
    };
    text.forEach(function (content, index) {
      var line = index + 1;
      if (!all && !shown.has(line)) { gap++; return; }
      close();
      var own = costs.get(line) || [0, 0], here = flags.get(line) || [];
      var number = function (value) {
        var cell = make("td", { "class": "n", text: value ? cost(value) + " " + percent(whole ? value / whole : 0) : "" });
        cell.style.setProperty("--share", Math.min(100, 100 * Math.abs(value) / (whole || 1)) + "%");
        return cell;
      };
      var cells = [make("td", { "class": "flag", text: here.length ? "⚑" : "" }), number(own[0]), number(own[1])];
      beside.forEach(function (column) {
        var value = column.lines.get(line);
        cells.push(make("td", { "class": "n", text: value ? short(value[1], column.kind[1]) : "" }));
      });
      cells.push(make("td", { "class": "no", text: line }), make("td", { "class": "text", text: content }));
      rows.push(make("tr", { id: "L" + line, "class": line === target ? "at" : "" }, cells));
      here.filter(function (at) { return data.findings[at].place.line === line; }).forEach(function (at) {
        var note = make("td", { "class": "note", colspan: head.length }, [make("a", { href: "#finding-" + at, text: "⚑ " + data.findings[at].lint }),
          document.createTextNode(" " + data.findings[at].message)]);
        rows.push(make("tr", {}, [note]));
      });
    });
    close();
    fill(table, [make("thead", {}, [make("tr", {}, head.map(function (name, at) {
      return make("th", { "class": at > 0 && at < head.length - 1 ? "n" : "", text: name });
    }))]), make("tbody", {}, rows)]);
  }

  function show(file, line) {
    state.file = file;
    listing(line);
    var row = byId("L" + line);
    (row || byId("source")).scrollIntoView({ block: "center" });
    history.replaceState(null, "", "#source:" + encodeURIComponent(data.sources[file].path) + ":" + line);
  }

  // ---- Findings ------------------------------------------------------------------------------
  function findings() {
    var list = byId("finding-list");
    if (!data.findings.length) {
      fill(list, [make("p", { text: "No findings." })]);
      return;
    }
    fill(list, data.findings.map(function (finding, at) {
      var place = finding.place, parts = [];
      parts.push(make("h3", { text: at + 1 + ". " + finding.message }));
      parts.push(make("p", {}, [make("span", { "class": "badge", text: finding.confidence }),
        make("span", { "class": "badge", text: finding.lint }),
        place.file !== null && place.line ? jump(place.file, place.line) : document.createTextNode(place.path)]));
      if (finding.label) parts.push(make("p", { text: finding.label }));
      if (finding.evidence.length) parts.push(evidence(finding.evidence));
      beside("The costliest way here", finding.way, parts);
      beside("See also", finding.related, parts);
      finding.notes.forEach(function (note) { parts.push(make("p", { text: note })); });
      finding.rewrites.forEach(function (rewrite) {
        parts.push(make("p", {}, [make("strong", { text: rewrite.message }), document.createTextNode(" (" + rewrite.grade + ")")]));
        if (rewrite.caveat) parts.push(make("p", { text: "Differs: " + rewrite.caveat }));
        if (rewrite.text) parts.push(change(rewrite.text));
      });
      if (finding.proof) parts.push(proof(finding.proof));
      if (finding.setting) parts.push(make("p", { text: "Speaks because of the setting " + finding.setting }));
      return make("article", { id: "finding-" + at, "class": finding.confidence, tabindex: "-1" }, parts);
    }));
  }
  function beside(title, items, parts) {
    if (!items.length) return;
    parts.push(make("p", { text: title + ":" }), make("ul", {}, items.map(function (item) {
      var place = item.place;
      return make("li", {}, [place.file !== null && place.line ? jump(place.file, place.line) : document.createTextNode(place.path),
        document.createTextNode(" " + item.label)]);
    })));
  }
  function evidence(rows) {
    var columns = [["samples", "samples", ""], ["cpu_share", "CPU", "share"], ["cpu_self_share", "CPU own", "share"], ["bound", "at most faster", "times"],
      ["allocs_per_iter", "allocs/iter", ""], ["bytes_per_iter", "bytes/iter", "bytes"], ["growths_per_iter", "growths/iter", ""],
      ["growth_bytes_per_iter", "copied/iter", "bytes"], ["lock_wait_share", "lock wait", "share"], ["io_calls_per_iter", "I/O calls/iter", ""]];
    columns = columns.filter(function (column) { return rows.some(function (row) { return row[column[0]] !== null; }); });
    var text = function (value, kind) {
      if (value === null) return "not measured";
      if (kind === "share") return percent(value);
      if (kind === "times") return value.toFixed(2) + "×";
      return short(value, kind);
    };
    return make("div", { "class": "scroll" }, [make("table", {}, [
      make("thead", {}, [make("tr", {}, [make("th", { text: "bench" })].concat(columns.map(function (column) { return make("th", { "class": "n", text: column[1] }); })))]),
      make("tbody", {}, rows.map(function (row) {
        return make("tr", {}, [make("td", { "class": "name", text: row.bench || "whole program" })].concat(columns.map(function (column) {
          var cell = make("td", { "class": "n", text: text(row[column[0]], column[2]) });
          if (column[2] === "share" && row[column[0]] !== null) cell.style.setProperty("--share", 100 * row[column[0]] + "%");
          return cell;
        })));
      }))])]);
  }
  function change(text) {
    return make("pre", {}, text.replace(/\n$/, "").split("\n").map(function (line) {
      var kind = /^\+(?!\+\+)/.test(line) ? "add" : /^-(?!--)/.test(line) ? "cut" : "";
      return make("span", { "class": kind, text: line });
    }));
  }

  // Before and after: the ratio with its interval, on a line where 1 is no change.
  function proof(found) {
    var text = found.verdict + ": " + found.ratio.toFixed(3) + "× (" + found.low.toFixed(3) + " to " + found.high.toFixed(3) + ") of " +
      found.unit + " before, " + found.pairs + " pairs; tests " + found.tests;
    return make("div", {}, [make("p", { text: text }), plot(found, text)]);
  }
  var NS = "http://www.w3.org/2000/svg";
  function plot(found, text, from_low, to_high) {
    var low = from_low === undefined ? Math.min(found.low, 1) : from_low, high = to_high === undefined ? Math.max(found.high, 1) : to_high;
    var pad = (high - low) * 0.15 || 0.1, from = low - pad, span = high - low + 2 * pad;
    var x = function (value) { return 10 + 480 * (value - from) / span; };
    var svg = document.createElementNS(NS, "svg");
    var add = function (tag, attributes, content) {
      var element = document.createElementNS(NS, tag);
      Object.keys(attributes).forEach(function (key) { element.setAttribute(key, attributes[key]); });
      if (content) element.textContent = content;
      svg.appendChild(element);
    };
    svg.setAttribute("class", "plot"); svg.setAttribute("viewBox", "0 0 500 44"); svg.setAttribute("role", "img"); svg.setAttribute("aria-label", text);
    add("line", { x1: 10, x2: 490, y1: 16, y2: 16 });
    add("line", { x1: x(1), x2: x(1), y1: 4, y2: 28 });
    add("text", { x: x(1), y: 40, "text-anchor": "middle" }, "before = 1");
    add("line", { x1: x(found.low), x2: x(found.high), y1: 16, y2: 16, "class": "range" });
    add("circle", { cx: x(found.ratio), cy: 16, r: 5 });
    return svg;
  }

  // ---- The latest comparison -----------------------------------------------------------------
  function comparison() {
    var found = data.comparison;
    if (!found || !found.benches.length) return;
    byId("comparison").hidden = byId("to-comparison").hidden = false;
    byId("sides").textContent = "Time per iteration after, over before; left of the mark is faster. Before: " +
      (found.base || "base") + ". After: " + (found.head || "head") + ".";
    // One scale for all, so that rows can be compared.
    var low = 1, high = 1;
    found.benches.forEach(function (bench) {
      if (!bench.time) return;
      low = Math.min(low, bench.time[0], bench.time[1]);
      high = Math.max(high, bench.time[0], Math.min(bench.time[2] === null ? bench.time[0] : bench.time[2], 10 * Math.max(1, bench.time[0])));
    });
    fill(byId("compared"), [make("tbody", {}, found.benches.map(function (bench) {
      var words = make("td", {}, [make("div", { text: bench.words })].concat(bench.exact.concat(bench.notes).map(function (line) { return make("div", { text: line }); })));
      var time = bench.time && { ratio: bench.time[0], low: bench.time[1], high: bench.time[2] === null ? high : Math.min(bench.time[2], high) };
      return make("tr", {}, [make("td", { "class": "name", text: bench.name }), words,
        make("td", { "class": "wide" }, [time ? plot(time, bench.name + ": " + bench.words, low, high) : null])]);
    }))]);
  }

  // ---- Threads over time ---------------------------------------------------------------------
  var ACTIVITIES = ["running", "waiting", "io"], WORDS = ["running", "waiting for a lock or thread", "in an I/O call"];
  function shape(tag, attributes, children) {
    var element = document.createElementNS(NS, tag);
    Object.keys(attributes).forEach(function (key) { element.setAttribute(key, attributes[key]); });
    (children || []).forEach(function (child) { element.appendChild(child); });
    return element;
  }
  // Read without colour: running stands on the ground, waiting hangs from the top, I/O is a band in the middle.
  function bar(activity, slot, share) {
    var height = 26 * share;
    if (activity === 0) return "M" + slot + " 26v" + -height + "h1v" + height + "z";
    if (activity === 1) return "M" + slot + " 0v" + height / 2 + "h1v" + -height / 2 + "z";
    return "M" + slot + " " + (13 - height / 4) + "v" + height / 2 + "h1v" + -height / 2 + "z";
  }
  function timeline() {
    var found = data.timeline;
    if (!found || !found.threads.length) return;
    byId("timeline").hidden = byId("to-timeline").hidden = false;
    fill(byId("legend"), WORDS.map(function (word, activity) {
      return make("span", {}, [shape("svg", { viewBox: "0 0 1 26", preserveAspectRatio: "none", "aria-hidden": "true" },
        [shape("path", { "class": ACTIVITIES[activity], d: bar(activity, 0, 0.6) })]), document.createTextNode(
        word + [" (from below)", " (from above)", " (a band in the middle)"][activity])]);
    }));
    var rows = [], sums = [];
    found.threads.forEach(function (thread) {
      var paths = ["", "", ""], slots = {}, sum = [0, 0, 0], waits = {};
      for (var i = 0; i < thread.cells.length; i += 4) {
        var slot = thread.cells[i], activity = thread.cells[i + 1], nanos = thread.cells[i + 2], place = thread.cells[i + 3];
        paths[activity] += bar(activity, slot, Math.max(0.08, Math.min(1, nanos / found.slot)));
        (slots[slot] = slots[slot] || []).push([activity, nanos, place]);
        sum[activity] += nanos;
        if (activity > 0 && place >= 0) waits[place] = (waits[place] || 0) + nanos;
      }
      var worst = Object.keys(waits).sort(function (a, b) { return waits[b] - waits[a]; })[0];
      sums.push({ thread: thread, sum: sum, worst: worst });
      var cursor = shape("line", { "class": "cursor", x1: -1, x2: -1, y1: 0, y2: 26 });
      var label = thread.name + ": running " + short(sum[0], "nanoseconds") + ", waiting " + short(sum[1], "nanoseconds") + ", I/O " + short(sum[2], "nanoseconds");
      var svg = shape("svg", { viewBox: "0 0 " + found.slots + " 26", preserveAspectRatio: "none", tabindex: "0", role: "img", "aria-label": label },
        paths.map(function (path, activity) { return shape("path", { "class": ACTIVITIES[activity], d: path }); }).concat([cursor]));
      var at = 0, go = function (slot) {
        at = Math.max(0, Math.min(found.slots - 1, slot));
        cursor.setAttribute("x1", at + 0.5); cursor.setAttribute("x2", at + 0.5);
        var parts = [document.createTextNode(thread.name + " at " + short(at * found.slot, "nanoseconds") + ": ")];
        (slots[at] || []).forEach(function (cell, index) {
          parts.push(document.createTextNode((index ? "; " : "") + WORDS[cell[0]] + " " + percent(cell[1] / found.slot)));
          if (cell[2] >= 0) parts.push(document.createTextNode(" in "), where(found.places[cell[2]]));
        });
        if (!slots[at]) parts.push(document.createTextNode("nothing was seen"));
        fill(byId("moment"), parts);
      };
      var point = function (event) {
        var box = svg.getBoundingClientRect();
        go(Math.floor((event.clientX - box.left) / box.width * found.slots));
      };
      svg.addEventListener("pointermove", point);
      svg.addEventListener("pointerdown", point);
      svg.addEventListener("focus", function () { go(at); });
      svg.addEventListener("keydown", function (event) {
        var step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20, Home: -found.slots, End: found.slots }[event.key];
        if (step) { event.preventDefault(); go(at + step); }
      });
      rows.push(make("div", {}, [make("span", { text: thread.name, title: thread.name }), svg]));
    });
    rows.push(make("div", { "class": "axis" }, [make("span", { text: "" }), make("p", {}, [make("span", { text: "0" }),
      make("span", { text: short(found.slots * found.slot / 2, "nanoseconds") }), make("span", { text: short(found.slots * found.slot, "nanoseconds") })])]));
    fill(byId("threads"), rows);
    var head = ["thread", "running", "waiting", "I/O", "waits most in"];
    var body = sums.map(function (row) {
      return make("tr", {}, [make("td", { text: row.thread.name })].concat(row.sum.map(function (nanos) {
        return make("td", { "class": "n", text: nanos ? short(nanos, "nanoseconds") : "·" });
      }), [make("td", { "class": "name" }, [row.worst === undefined ? null : where(found.places[row.worst])])]));
    });
    if (found.left_out) body.push(make("tr", {}, [make("td", { colspan: head.length, text: found.left_out + " more threads did less" })]));
    fill(byId("thread-table"), [make("thead", {}, [make("tr", {}, head.map(function (text, at) {
      return make("th", { scope: "col", "class": at > 0 && at < 4 ? "n" : "", text: text });
    }))]), make("tbody", {}, body)]);
  }
  function where(place) {
    if (place.file === null) return make("span", { text: place.text + (place.line ? ":" + place.line : "") });
    return jump(place.file, place.line, place.text + " (" + data.sources[place.file].path + ":" + place.line + ")");
  }

  // ---- Benches -------------------------------------------------------------------------------
  function benches() {
    byId("no-benches").hidden = data.totals.length > 0;
    if (!data.totals.length) return;
    var keys = [];
    data.totals.forEach(function (total) { Object.keys(total.counters).forEach(function (key) { if (keys.indexOf(key) < 0) keys.push(key); }); });
    keys.sort();
    var unit = function (key) { return /space|bytes|copied/.test(key) ? "bytes" : /delay|nanos/.test(key) ? "nanoseconds" : ""; };
    var known = function (value) { return value !== null && value !== undefined; };
    var head = ["bench", "harness", "iterations", "time/iter", "CPU samples"].concat(keys.map(function (key) { return key + "/iter"; }));
    fill(byId("benches"), [make("thead", {}, [make("tr", {}, head.map(function (name, at) {
      return make("th", { "class": at > 1 ? "n" : "", scope: "col", text: name });
    }))]), make("tbody", {}, data.totals.map(function (total) {
      var each = total.iterations > 0 ? total.iterations : null;
      var place = data.benches.indexOf(total.bench);
      var name = place > 0 ? make("button", { type: "button", text: total.bench, title: "Show this bench", on: { click: function () {
        byId("bench").value = place; choose(); byId("flame").scrollIntoView();
      } } }) : make("span", { text: total.bench });
      return make("tr", {}, [make("td", { "class": "name" }, [name]), make("td", { text: total.harness }),
        make("td", { "class": "n", text: known(total.iterations) ? short(total.iterations, "") : "not known" }),
        make("td", { "class": "n", text: each && known(total.nanos) ? short(total.nanos / each, "nanoseconds") : "not measured" }),
        make("td", { "class": "n", text: total.cpu_samples })].concat(keys.map(function (key) {
          var value = total.counters[key];
          return make("td", { "class": "n", text: each && known(value) ? short(value / each, unit(key)) : "not measured" });
        })));
    }))]);
  }

  // ---- Controls ------------------------------------------------------------------------------
  function search() {
    var text = byId("search").value;
    try { state.term = text ? new RegExp(text, "i") : null; byId("search").setCustomValidity(""); }
    catch (error) { state.term = null; byId("matched").textContent = "not a regular expression"; draw(); return; }
    draw(); matched();
  }
  function choose() {
    state.type = +byId("type").value;
    state.bench = +byId("bench").value;
    regrow(); functions(); listing();
  }
  function options(select, names, chosen) {
    fill(select, names.map(function (name, at) { return make("option", { value: at, text: name }); }));
    select.value = chosen;
  }

  byId("title").textContent = data.title || "cargo perf";
  byId("about").textContent = data.lines.join(" · ");
  options(byId("type"), data.types.map(function (kind) { return kind[0]; }), state.type);
  options(byId("bench"), data.benches, 0);
  var withText = data.sources.map(function (_, at) { return at; }).filter(function (at) { return data.sources[at].text !== null; });
  withText.forEach(function (at) { byId("file").appendChild(make("option", { value: at, text: data.sources[at].path })); });
  state.file = withText.length ? hottest() : -1;
  function hottest() {
    var best = withText[0], most = -1, sums = {}, rows = data.costs[0][state.type];
    for (var i = 0; i < rows.length; i += 4) sums[rows[i]] = (sums[rows[i]] || 0) + rows[i + 2];
    withText.forEach(function (at) { if ((sums[at] || 0) > most) { most = sums[at] || 0; best = at; } });
    return best;
  }

  byId("type").addEventListener("change", choose);
  byId("bench").addEventListener("change", choose);
  byId("search").addEventListener("input", search);
  byId("fold").addEventListener("change", function () { state.fold = byId("fold").checked; regrow(); functions(); });
  byId("more").addEventListener("click", function () { state.rows *= 4; functions(); });
  byId("reset").addEventListener("click", function () { zoom(root); });
  byId("file").addEventListener("change", function () { state.file = +byId("file").value; listing(); });
  byId("theme").addEventListener("click", function () {
    var dark = getComputedStyle(document.documentElement).colorScheme.indexOf("light") < 0 ||
      (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
    document.documentElement.dataset.theme = dark ? "light" : "dark";
  });
  byId("graph").addEventListener("click", function (event) {
    var item = drawn[event.target.getAttribute("data-i")];
    if (item) zoom(item.frame);
  });
  byId("graph").addEventListener("focusin", function (event) {
    var item = drawn[event.target.getAttribute("data-i")];
    if (item) detail(item.frame);
  });
  byId("graph").addEventListener("keydown", function (event) {
    var item = drawn[event.target.getAttribute("data-i")];
    if (!item) return;
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); zoom(item.frame); }
    else if (/^Arrow/.test(event.key)) {
      var next = neighbour(item, event.key);
      if (next) { event.preventDefault(); next.element.focus(); }
    }
  });
  document.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === "/" && !typing) { event.preventDefault(); byId("search").focus(); }
    if (event.key === "Escape") { if (byId("search").value) { byId("search").value = ""; search(); } else if (focus !== root) zoom(root); }
  });
  var waiting = 0;
  window.addEventListener("resize", function () { clearTimeout(waiting); waiting = setTimeout(draw, 100); });

  benches(); findings(); comparison(); timeline(); regrow(); functions(); listing();
  var asked = /^#source:(.*):(\d+)$/.exec(location.hash);
  if (asked) data.sources.forEach(function (source, at) {
    if (source.path === decodeURIComponent(asked[1])) show(at, +asked[2]);
  });
  document.documentElement.dataset.ready = "yes";
})();
