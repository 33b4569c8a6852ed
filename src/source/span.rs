//! The first and last token of a node, without printing it.
//!
//! `syn`'s own `Spanned` turns the whole node into tokens to learn its ends, which costs its size
//! at every level of the tree. Only small leaves go that way here.

use std::ops::Range;

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Expr, ImplItem, Item, Member, QSelf, Stmt, TraitItem, Visibility};

/// A node that knows its ends. Outer attributes are not part of it.
pub trait Ends {
    /// Its first token.
    fn first(&self) -> Span;
    /// Its last token.
    fn last(&self) -> Span;

    /// Its bytes in the text that was parsed.
    fn bytes(&self) -> Range<usize> {
        self.first().byte_range().start..self.last().byte_range().end
    }
}

impl Ends for Expr {
    fn first(&self) -> Span {
        match self {
            Expr::Array(e) => e.bracket_token.span.open(),
            Expr::Assign(e) => e.left.first(),
            Expr::Async(e) => e.async_token.span,
            Expr::Await(e) => e.base.first(),
            Expr::Binary(e) => e.left.first(),
            Expr::Block(e) => labelled(e.label.as_ref(), e.block.brace_token.span.open()),
            Expr::Break(e) => e.break_token.span,
            Expr::Call(e) => e.func.first(),
            Expr::Cast(e) => e.expr.first(),
            Expr::Closure(e) => closure_start(e),
            Expr::Const(e) => e.const_token.span,
            Expr::Continue(e) => e.continue_token.span,
            Expr::Field(e) => e.base.first(),
            Expr::ForLoop(e) => labelled(e.label.as_ref(), e.for_token.span),
            Expr::Group(e) => e.expr.first(),
            Expr::If(e) => e.if_token.span,
            Expr::Index(e) => e.expr.first(),
            Expr::Infer(e) => e.underscore_token.span,
            Expr::Let(e) => e.let_token.span,
            Expr::Lit(e) => e.lit.span(),
            Expr::Loop(e) => labelled(e.label.as_ref(), e.loop_token.span),
            Expr::Macro(e) => path_first(&e.mac.path),
            Expr::Match(e) => e.match_token.span,
            Expr::MethodCall(e) => e.receiver.first(),
            Expr::Paren(e) => e.paren_token.span.open(),
            Expr::Path(e) => qualified(e.qself.as_ref(), &e.path),
            Expr::Range(e) => match (&e.start, &e.limits) {
                (Some(start), _) => start.first(),
                (None, syn::RangeLimits::HalfOpen(token)) => token.spans[0],
                (None, syn::RangeLimits::Closed(token)) => token.spans[0],
            },
            Expr::RawAddr(e) => e.and_token.span,
            Expr::Reference(e) => e.and_token.span,
            Expr::Repeat(e) => e.bracket_token.span.open(),
            Expr::Return(e) => e.return_token.span,
            Expr::Struct(e) => qualified(e.qself.as_ref(), &e.path),
            Expr::Try(e) => e.expr.first(),
            Expr::TryBlock(e) => e.try_token.span,
            Expr::Tuple(e) => e.paren_token.span.open(),
            Expr::Unary(e) => e.op.span(),
            Expr::Unsafe(e) => e.unsafe_token.span,
            Expr::While(e) => labelled(e.label.as_ref(), e.while_token.span),
            Expr::Yield(e) => e.yield_token.span,
            other => other.span(),
        }
    }

    fn last(&self) -> Span {
        match self {
            Expr::Array(e) => e.bracket_token.span.close(),
            Expr::Assign(e) => e.right.last(),
            Expr::Async(e) => e.block.last(),
            Expr::Await(e) => e.await_token.span,
            Expr::Binary(e) => e.right.last(),
            Expr::Block(e) => e.block.last(),
            Expr::Break(e) => match (&e.expr, &e.label) {
                (Some(value), _) => value.last(),
                (None, Some(label)) => label.ident.span(),
                (None, None) => e.break_token.span,
            },
            Expr::Call(e) => e.paren_token.span.close(),
            Expr::Cast(e) => e.ty.span_last(),
            Expr::Closure(e) => e.body.last(),
            Expr::Const(e) => e.block.last(),
            Expr::Continue(e) => {
                e.label.as_ref().map_or(e.continue_token.span, |label| label.ident.span())
            }
            Expr::Field(e) => match &e.member {
                Member::Named(ident) => ident.span(),
                Member::Unnamed(index) => index.span,
            },
            Expr::ForLoop(e) => e.body.last(),
            Expr::Group(e) => e.expr.last(),
            Expr::If(e) => match &e.else_branch {
                Some((_, branch)) => branch.last(),
                None => e.then_branch.last(),
            },
            Expr::Index(e) => e.bracket_token.span.close(),
            Expr::Infer(e) => e.underscore_token.span,
            Expr::Let(e) => e.expr.last(),
            Expr::Lit(e) => e.lit.span(),
            Expr::Loop(e) => e.body.last(),
            Expr::Macro(e) => e.mac.delimiter.span().close(),
            Expr::Match(e) => e.brace_token.span.close(),
            Expr::MethodCall(e) => e.paren_token.span.close(),
            Expr::Paren(e) => e.paren_token.span.close(),
            Expr::Path(e) => e.path.span_last(),
            Expr::Range(e) => match (&e.end, &e.limits) {
                (Some(end), _) => end.last(),
                (None, syn::RangeLimits::HalfOpen(token)) => token.spans[1],
                (None, syn::RangeLimits::Closed(token)) => token.spans[2],
            },
            Expr::RawAddr(e) => e.expr.last(),
            Expr::Reference(e) => e.expr.last(),
            Expr::Repeat(e) => e.bracket_token.span.close(),
            Expr::Return(e) => e.expr.as_ref().map_or(e.return_token.span, |value| value.last()),
            Expr::Struct(e) => e.brace_token.span.close(),
            Expr::Try(e) => e.question_token.span,
            Expr::TryBlock(e) => e.block.last(),
            Expr::Tuple(e) => e.paren_token.span.close(),
            Expr::Unary(e) => e.expr.last(),
            Expr::Unsafe(e) => e.block.last(),
            Expr::While(e) => e.body.last(),
            Expr::Yield(e) => e.expr.as_ref().map_or(e.yield_token.span, |value| value.last()),
            other => other.span_last(),
        }
    }
}

impl Ends for syn::Block {
    fn first(&self) -> Span {
        self.brace_token.span.open()
    }

    fn last(&self) -> Span {
        self.brace_token.span.close()
    }
}

impl Ends for Stmt {
    fn first(&self) -> Span {
        match self {
            Stmt::Local(local) => local.let_token.span,
            Stmt::Item(item) => item.first(),
            Stmt::Expr(expr, _) => expr.first(),
            Stmt::Macro(stmt) => path_first(&stmt.mac.path),
        }
    }

    fn last(&self) -> Span {
        match self {
            Stmt::Local(local) => local.semi_token.span,
            Stmt::Item(item) => item.last(),
            Stmt::Expr(expr, semi) => semi.map_or_else(|| expr.last(), |semi| semi.span),
            Stmt::Macro(stmt) => {
                stmt.semi_token.map_or_else(|| stmt.mac.delimiter.span().close(), |semi| semi.span)
            }
        }
    }
}

impl Ends for syn::Arm {
    fn first(&self) -> Span {
        self.pat.span()
    }

    fn last(&self) -> Span {
        self.body.last()
    }
}

impl Ends for Item {
    fn first(&self) -> Span {
        match self {
            Item::Fn(item) => function_start(&item.vis, &item.sig),
            Item::Mod(item) => visible(&item.vis, || marked(item.unsafety, item.mod_token.span)),
            Item::Impl(item) => marked(item.unsafety, item.impl_token.span),
            Item::Trait(item) => {
                visible(&item.vis, || marked(item.unsafety, item.trait_token.span))
            }
            other => other.span(),
        }
    }

    fn last(&self) -> Span {
        match self {
            Item::Fn(item) => item.block.last(),
            Item::Mod(item) => match &item.content {
                Some((brace, _)) => brace.span.close(),
                None => item.semi.map_or_else(|| item.ident.span(), |semi| semi.span),
            },
            Item::Impl(item) => item.brace_token.span.close(),
            Item::Trait(item) => item.brace_token.span.close(),
            other => other.span_last(),
        }
    }
}

impl Ends for ImplItem {
    fn first(&self) -> Span {
        match self {
            ImplItem::Fn(item) => function_start(&item.vis, &item.sig),
            other => other.span(),
        }
    }

    fn last(&self) -> Span {
        match self {
            ImplItem::Fn(item) => item.block.last(),
            other => other.span_last(),
        }
    }
}

impl Ends for TraitItem {
    fn first(&self) -> Span {
        match self {
            TraitItem::Fn(item) => signature_start(&item.sig),
            other => other.span(),
        }
    }

    fn last(&self) -> Span {
        match self {
            TraitItem::Fn(syn::TraitItemFn { default: Some(block), .. }) => block.last(),
            other => other.span_last(),
        }
    }
}

/// The last token of a small leaf.
pub trait SpanLast {
    /// The last token.
    fn span_last(&self) -> Span;
}

impl<T: quote::ToTokens> SpanLast for T {
    fn span_last(&self) -> Span {
        self.to_token_stream().into_iter().last().map_or_else(
            Span::call_site,
            |token| match token {
                proc_macro2::TokenTree::Group(group) => group.span_close(),
                other => other.span(),
            },
        )
    }
}

fn path_first(path: &syn::Path) -> Span {
    match (&path.leading_colon, path.segments.first()) {
        (Some(colon), _) => colon.spans[0],
        (None, Some(segment)) => segment.ident.span(),
        (None, None) => Span::call_site(),
    }
}

fn qualified(qself: Option<&QSelf>, path: &syn::Path) -> Span {
    qself.map_or_else(|| path_first(path), |qself| qself.lt_token.span)
}

fn labelled(label: Option<&syn::Label>, token: Span) -> Span {
    label.map_or(token, |label| label.name.apostrophe)
}

fn closure_start(closure: &syn::ExprClosure) -> Span {
    let lifetimes = closure.lifetimes.as_ref().map(|bound| bound.for_token.span);
    let keywords = [
        lifetimes,
        closure.constness.map(|token| token.span),
        closure.asyncness.map(|token| token.span),
        closure.capture.map(|token| token.span),
    ];
    keywords.into_iter().flatten().next().unwrap_or(closure.inputs_begin.span)
}

fn visible(vis: &Visibility, otherwise: impl FnOnce() -> Span) -> Span {
    match vis {
        Visibility::Public(token) => token.span,
        Visibility::Restricted(restricted) => restricted.pub_token.span,
        Visibility::Inherited => otherwise(),
    }
}

fn marked(unsafety: Option<syn::Token![unsafe]>, token: Span) -> Span {
    unsafety.map_or(token, |unsafety| unsafety.span)
}

/// The first token of a function that is no trait's.
pub(super) fn function_start(vis: &Visibility, signature: &syn::Signature) -> Span {
    visible(vis, || signature_start(signature))
}

/// The first token of a function without its visibility.
pub(super) fn signature_start(signature: &syn::Signature) -> Span {
    let safety = match &signature.safety {
        syn::Safety::Safe(token) => Some(token.span),
        syn::Safety::Unsafe(token) => Some(token.span),
        syn::Safety::Default => None,
    };
    let keywords = [
        signature.constness.map(|token| token.span),
        signature.asyncness.map(|token| token.span),
        safety,
        signature.abi.as_ref().map(|abi| abi.extern_token.span),
    ];
    keywords.into_iter().flatten().next().unwrap_or(signature.fn_token.span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_begins_with_the_first_of_its_words() {
        for text in [
            "fn f() {}",
            "unsafe fn f() {}",
            "pub(crate) unsafe fn f() {}",
            "const unsafe extern \"C\" fn f() {}",
            "async unsafe fn f() {}",
            "unsafe extern \"C\" fn f() {}",
            "unsafe impl Send for X {}",
            "pub unsafe trait T {}",
            "mod m {}",
        ] {
            let item: Item = syn::parse_str(text).unwrap();
            assert_eq!(item.bytes(), 0..text.len(), "{text}");
            if let Item::Fn(item) = item
                && matches!(item.vis, Visibility::Inherited)
            {
                assert_eq!(signature_start(&item.sig).byte_range().start, 0, "{text}");
            }
        }
    }
}
