//! Says of each pointer in the header what the manual beside it says: that it may be NULL, or not. Clang, and through it
//! Swift, reads that; others see empty macros.

/// What the header needs before its first declaration.
pub const MACROS: &str = r#"

/* What may be NULL, for compilers that understand it. */
#if defined(__clang__)
#if __has_feature(nullability)
#define XQ_NULLABLE _Nullable
#define XQ_NONNULL _Nonnull
#define XQ_DIAGNOSTIC_PUSHED
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-extension"
#endif
#endif
#ifndef XQ_NULLABLE
#define XQ_NULLABLE
#define XQ_NONNULL
#endif"#;

/// What it needs after its last. That is outside of the include guard, so it asks whether there was a beginning.
pub const END: &str = r#"
#ifdef XQ_DIAGNOSTIC_PUSHED
#undef XQ_DIAGNOSTIC_PUSHED
#pragma clang diagnostic pop
#endif"#;

/// Types that are pointers without a star: functions of the program's.
const FUNCTIONS: [&str; 5] = [
    "xq_transport_t ",
    "xq_logger_t ",
    "xq_progress_t ",
    "xq_board_random_t ",
    "xq_board_clock_t ",
];

/// The header with each pointer marked.
pub fn mark(header: &str) -> String {
    // What comes before is no declaration.
    let (before, mut rest) = header.split_at(header.find(MACROS).map_or(0, |at| at + MACROS.len()));
    let mut marked = before.to_owned();
    let mut comment = String::new();
    while let Some(line) = rest.split_inclusive('\n').next() {
        if line.trim_start().starts_with("/**") {
            let end = rest.find("*/").map_or(rest.len(), |at| at + 2);
            comment = rest[..end].to_owned();
            marked.push_str(&comment);
            rest = &rest[end..];
            continue;
        }
        let is_field = line.starts_with("  ")
            && (line.contains('*') || FUNCTIONS.iter().any(|name| line.trim_start().starts_with(name)));
        if !is_field && line.starts_with(['#', '/', ' ', '}', '\n']) {
            marked.push_str(line);
            rest = &rest[line.len()..];
            continue;
        }
        let length = match rest.find(';') {
            Some(at) if !rest[..at].contains('{') => at + 1,
            _ => line.len(),
        };
        marked.push_str(&declaration(&rest[..length], &comment));
        rest = &rest[length..];
    }
    marked
}

/// A function, a function type or a field.
fn declaration(text: &str, comment: &str) -> String {
    let Some(open) = text.rfind('(') else {
        return pointers(text, may_be_null(comment), text.contains("items"));
    };
    let (head, parameters) = text.split_at(open + 1);
    let parameters = parameters.split(',').map(|parameter| {
        let name = parameter
            .trim_end_matches([';', ')'])
            .rsplit([' ', '*'])
            .next()
            .unwrap_or("");
        pointers(
            parameter,
            may_be_null(section(comment, &format!("@param {name} "))),
            false,
        )
    });
    let parameters: Vec<String> = parameters.collect();
    let head = match head.starts_with("typedef") {
        true => head.to_owned(),
        false => pointers(head, section(comment, "@return").contains("NULL where"), false),
    };
    head + &parameters.join(",")
}

/// The stars of one type marked: what an out parameter points to may be NULL, the items of a list may not.
fn pointers(text: &str, nullable: bool, items_are_nullable: bool) -> String {
    let stars = text.matches('*').count();
    let mark = |nullable| if nullable { "XQ_NULLABLE " } else { "XQ_NONNULL " };
    if let (0, true, Some(at)) = (
        stars,
        nullable,
        FUNCTIONS.iter().find_map(|name| Some(text.find(name)? + name.len())),
    ) {
        return format!("{}{}{}", &text[..at], mark(true), &text[at..]);
    }
    let is_list = text.contains("*const *");
    let mut marked = String::new();
    for (index, part) in text.split('*').enumerate() {
        if index > 0 {
            let outermost = index == stars;
            let this = match (outermost, is_list) {
                (true, _) => nullable && !items_are_nullable,
                (false, true) => items_are_nullable,
                (false, false) => true,
            };
            marked.push('*');
            marked.push_str(mark(this));
        }
        marked.push_str(part);
    }
    marked
}

/// The text of a tag in a comment, up to the next one.
fn section<'a>(comment: &'a str, tag: &str) -> &'a str {
    let Some(start) = comment.find(tag) else { return "" };
    let text = &comment[start + tag.len()..];
    &text[..text.find(" @").or_else(|| text.find("\n *\n")).unwrap_or(text.len())]
}

fn may_be_null(text: &str) -> bool {
    // As one line, since the words may stand on two.
    let words: Vec<&str> = text.split([' ', '\n', '*']).filter(|word| !word.is_empty()).collect();
    let text = words.join(" ");
    text.contains("NULL")
        && !["not be NULL", "; not NULL", "Never NULL"]
            .iter()
            .any(|words| text.contains(words))
}
