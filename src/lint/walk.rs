//! One file: parsed and walked once, each lint called for the nodes it asks for.

use crate::facts::{Facts, FileWitness};
use crate::source::infer::{Index, Infer, module_path};
use crate::source::mute::muted;
use crate::source::names::Names;
use crate::source::{NodeId, SourceFile, Syntax, Tree};

use super::claim::Claim;
use super::dispatch::Dispatch;
use super::registry::{Kind, Lint};
use super::said::{Heard, Lines, Said};
use super::site::Site;
use super::{id, test_code};

/// Runs the lints over one file.
pub(super) fn hear(
    file: &SourceFile,
    facts: &Facts,
    declarations: &Index,
    table: &Dispatch,
) -> Heard {
    match Syntax::parse(&muted(&file.text)) {
        Ok(syntax) => {
            let tree = Tree::new(&syntax);
            let names = Names::new(&tree);
            let witness = FileWitness::new(facts, file);
            let module = module_path(file);
            let types = Infer::new(&tree, file.lines(), declarations, &witness, module);
            let (tree, names, types) = (&tree, &names, &types);
            let mut heard = Walk { file, tree, names, types, heard: Heard::default() }.run(table);
            heard.asked_fields = witness.asked_fields();
            heard
        }
        Err(error) => {
            let problem = Some((error.line, error.column, error.message));
            Heard { problem, ..Heard::default() }
        }
    }
}

struct Walk<'w, 'a> {
    file: &'w SourceFile,
    tree: &'w Tree<'a>,
    names: &'w Names,
    types: &'w Infer<'w, 'a>,
    heard: Heard,
}

impl<'a> Walk<'_, 'a> {
    fn run(mut self, table: &Dispatch) -> Heard {
        let tree = self.tree;
        let mut behind_test = self.tree.root();
        for node in tree.ids() {
            if node < behind_test {
                continue;
            }
            if test_code::is_test(tree.node(node)) {
                behind_test = tree.behind(node);
                self.heard.test_code.push(tree.range(node));
                continue;
            }
            for lint in table.of(tree.node(node)) {
                let (file, names, types) = (self.file, self.names, self.types);
                let site = Site { file, tree, names, types, node };
                if let Some(claim) = (lint.check)(&site) {
                    let said = self.said(lint, claim);
                    self.heard.said.push(said);
                }
            }
        }
        self.heard
    }

    /// The claim with places of the text instead of nodes of the tree.
    fn said(&self, lint: &'static Lint, claim: Claim) -> Said {
        let places = std::iter::once(&claim.at).chain(&claim.regions);
        // What the method of a region does is looked for, not what works its arguments out.
        let through = claim.witnesses.iter().any(|witness| witness.through.is_some());
        let region = |&id| if through { self.head(id) } else { self.lines(id) };
        Said {
            lint: lint.name.to_owned(),
            fingerprint: id::fingerprint(lint.name, self.file, self.tree, claim.at),
            bytes: self.tree.range(claim.at),
            regions: claim.regions.iter().map(region).collect(),
            functions: places.map(|&id| self.lines(self.function_around(id))).collect(),
            shape: claim.shape,
            types: claim.types,
            message: claim.message,
            label: claim.label,
            related: claim.related,
            notes: claim.notes,
            suggestions: claim.suggestions,
            room: claim.room,
            about: claim.about.map(|made| self.tree.range(made)),
            yields_to: claim.yields_to.iter().map(|&lint| lint.to_owned()).collect(),
            of_bench: claim.of_bench,
            leaves_no_samples: claim.leaves_no_samples,
            refuted_by: claim.refuted_by.map(|(at, quantity)| (self.lines(at), quantity)),
            witnesses: claim.witnesses,
        }
    }

    fn lines(&self, id: NodeId) -> Lines {
        let bytes = self.tree.range(id);
        let length = self.file.text.len();
        let at = |byte: usize| {
            let (line, column) = self.file.lines().position(byte.min(length));
            (line as u32, column as u32)
        };
        (at(bytes.start), at(bytes.end))
    }

    /// Of a method's call, the part in front of its arguments: where a frame of the method was
    /// called, while frames of calls within the arguments lie behind.
    fn head(&self, id: NodeId) -> Lines {
        let (start, end) = self.lines(id);
        let Some(syn::Expr::MethodCall(call)) = self.tree.expr(id) else { return (start, end) };
        let open = self.tree.token(call.paren_token.span.open()).start;
        let (line, column) = self.file.lines().position(open);
        (start, (line as u32, column as u32))
    }

    fn function_around(&self, id: NodeId) -> NodeId {
        let is_function = |id: &NodeId| Kind::of(self.tree.node(*id)) == Some(Kind::Function);
        self.tree.ancestors(id).find(is_function).unwrap_or_else(|| self.tree.root())
    }
}
