(function () {
  "use strict";
  var svg = document.documentElement;
  if (svg.nodeName.toLowerCase() !== "svg") svg = document.currentScript.ownerSVGElement;
  var byId = function (id) { return svg.getElementById(id); };
  svg.setAttribute("width", "100%");
  var CHARACTER = 7.3;
  var frames = Array.prototype.map.call(byId("frames").children, function (g) {
    var rect = g.querySelector("rect");
    var details = g.querySelector("title").textContent;
    return {
      g: g, rect: rect, text: g.querySelector("text"), details: details,
      name: details.replace(/ \([^()]*; own [^()]*\).*$/, ""),
      depth: +g.getAttribute("data-d"),
      left: parseFloat(rect.getAttribute("x")), width: parseFloat(rect.getAttribute("width")),
      hit: false
    };
  });
  var zoomed = frames[0];
  var EPSILON = 1e-3;

  function fit(frame, percent) {
    var room = Math.floor((percent / 100 * svg.clientWidth - 6) / CHARACTER);
    var name = frame.name;
    frame.text.textContent = name.length <= room ? name : room < 4 ? "" : name.slice(0, room - 2) + "..";
  }

  function layout() {
    if (!zoomed) return;
    frames.forEach(function (frame) {
      var inside = frame.left >= zoomed.left - EPSILON &&
        frame.left + frame.width <= zoomed.left + zoomed.width + EPSILON;
      var above = frame.depth < zoomed.depth && frame.left <= zoomed.left + EPSILON &&
        frame.left + frame.width >= zoomed.left + zoomed.width - EPSILON;
      var shown = above || (inside && frame.depth >= zoomed.depth);
      frame.g.classList.toggle("gone", !shown);
      frame.g.classList.toggle("above", above);
      if (!shown) return;
      var left = above ? 0 : (frame.left - zoomed.left) / zoomed.width * 100;
      var width = above ? 100 : frame.width / zoomed.width * 100;
      frame.rect.setAttribute("x", left + "%");
      frame.rect.setAttribute("width", width + "%");
      frame.text.setAttribute("x", left + "%");
      fit(frame, width);
    });
    byId("reset").style.visibility = zoomed === frames[0] ? "hidden" : "visible";
  }

  function zoom(frame) { zoomed = frame; layout(); }
  function reset() { zoom(frames[0]); }

  // The share of the whole that matches: the outermost matching frames count, each once.
  function search(term) {
    var regex = null;
    if (term) {
      try { regex = new RegExp(term, "i"); } catch (error) {
        byId("matched").textContent = "not a regular expression";
        return;
      }
    }
    var spans = [];
    frames.forEach(function (frame) {
      frame.hit = !!regex && frame.depth > 0 && regex.test(frame.name);
      frame.g.classList.toggle("hit", frame.hit);
      if (frame.hit) spans.push([frame.left, frame.left + frame.width]);
    });
    spans.sort(function (a, b) { return a[0] - b[0] || b[1] - a[1]; });
    var sum = 0, end = -1;
    spans.forEach(function (span) {
      if (span[1] > end + EPSILON) { sum += span[1] - Math.max(span[0], end); end = span[1]; }
    });
    byId("matched").textContent = regex ? "Matched: " + sum.toFixed(1) + "%" : " ";
    byId("search").textContent = regex ? "Clear search" : "Search";
  }

  var searching = false;
  function ask() {
    if (searching) { searching = false; search(""); return; }
    var term = prompt("Search for a regular expression (any case)", "");
    if (term) { searching = true; search(term); }
  }

  function find(target) {
    var g = target.closest ? target.closest("#frames g") : null;
    return g && frames[Array.prototype.indexOf.call(byId("frames").children, g)];
  }

  // The nearest frame in a direction, for the arrow keys.
  function neighbour(frame, key) {
    var up = byId("frames").getAttribute("data-down") ? "ArrowUp" : "ArrowDown";
    var middle = frame.left + frame.width / 2;
    var candidates = frames.filter(function (other) {
      if (other.g.classList.contains("gone")) return false;
      if (key === "ArrowLeft") return other.depth === frame.depth && other.left < frame.left - EPSILON;
      if (key === "ArrowRight") return other.depth === frame.depth && other.left > frame.left + EPSILON;
      var towardsRoot = key === up;
      return other.depth === frame.depth + (towardsRoot ? -1 : 1) &&
        other.left < frame.left + frame.width - EPSILON && other.left + other.width > frame.left + EPSILON;
    });
    candidates.sort(function (a, b) {
      return Math.abs(a.left + a.width / 2 - middle) - Math.abs(b.left + b.width / 2 - middle);
    });
    return candidates[0];
  }

  function focus(frame) {
    frames.forEach(function (other) { other.g.removeAttribute("tabindex"); });
    frame.g.setAttribute("tabindex", "0");
    frame.g.focus();
  }

  svg.addEventListener("click", function (event) {
    if (event.target === byId("reset")) return reset();
    if (event.target === byId("search")) return ask();
    var frame = find(event.target);
    if (frame) zoom(frame);
  });
  svg.addEventListener("mouseover", function (event) {
    var frame = find(event.target);
    byId("details").textContent = frame ? frame.details : " ";
  });
  svg.addEventListener("focusin", function (event) {
    var frame = find(event.target);
    if (frame) byId("details").textContent = frame.details;
  });
  window.addEventListener("keydown", function (event) {
    if ((event.ctrlKey && event.key === "f") || (event.key === "/" && !event.ctrlKey)) {
      event.preventDefault();
      return ask();
    }
    if (event.key === "Escape") return reset();
    var frame = find(event.target);
    if (event.key === "Enter") {
      if (event.target === byId("reset")) return reset();
      if (event.target === byId("search")) return ask();
      if (frame) zoom(frame);
    } else if (/^Arrow/.test(event.key)) {
      var next = frame ? neighbour(frame, event.key) : zoomed;
      if (next) { event.preventDefault(); focus(next); }
    }
  });
  window.addEventListener("resize", layout);
  if (frames.length) { frames[0].g.setAttribute("tabindex", "0"); layout(); }
})();
