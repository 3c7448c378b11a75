//! The house is as CONTRIBUTING.md draws it, and what that document and SECURITY.md name is there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const HOUSE: &str = "CONTRIBUTING.md";
const DOCUMENTS: [&str; 2] = [HOUSE, "SECURITY.md"];
/// The library, and the crate below it.
const CRATES: [&str; 2] = ["src", "sealing/src"];
/// What the picture does not draw again for each that knows it.
const KNOWN_TO_ALL: [&str; 3] = ["error", "platform", "secret"];

type Edges = BTreeMap<String, BTreeSet<String>>;

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(ROOT).join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn is_there(path: &str) -> bool {
    Path::new(ROOT).join(path).exists()
}

/// All Rust files below `folder`.
fn files(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(Path::new(ROOT).join(folder)).expect("the folder is there");
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.expect("it can be listed");
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            found.extend(files(&path));
        } else if path.ends_with(".rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// A file's code: without comments, and without the tests at its end.
fn code(path: &str) -> String {
    let text = read(path);
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    // Who may see a thing is nothing that it knows.
    lines.collect::<Vec<_>>().join("\n").replace("pub(in crate::", "(")
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Where `word` stands in `text` by itself, not as a part of another word.
fn places<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let stands = move |at: &usize| {
        let (before, after) = (&text[..*at], &text[at + word.len()..]);
        let goes_on = word.starts_with(is_word) && before.ends_with(is_word);
        !(goes_on || word.ends_with(is_word) && after.starts_with(is_word))
    };
    text.match_indices(word).map(|(at, _)| at).filter(stands)
}

/// The paths in what follows `crate::` and the like, braces taken apart. Gives the text after it.
fn paths<'a>(text: &'a str, before: &[&'a str], found: &mut Vec<Vec<&'a str>>) -> &'a str {
    if let Some(mut rest) = text.strip_prefix('{') {
        loop {
            rest = rest.trim_start();
            if let Some(after) = rest.strip_prefix('}') {
                return after;
            }
            rest = paths(rest, before, found);
            rest = &rest[rest.find([',', '}']).expect("braces end")..];
            rest = rest.strip_prefix(',').unwrap_or(rest);
        }
    }
    let (name, rest) = text.split_at(text.find(|c| !is_word(c)).unwrap_or(text.len()));
    let path = [before, &[name]].concat();
    match rest.strip_prefix("::") {
        Some(rest) if rest.starts_with('{') || rest.starts_with(is_word) => paths(rest, &path, found),
        _ => {
            found.push(path);
            rest
        }
    }
}

/// The file in which such a path leads furthest.
fn file_of(root: &str, path: &[&str]) -> String {
    let candidates = (1..=path.len()).rev().flat_map(|length| {
        let module = path[..length].join("/");
        [format!("{root}/{module}.rs"), format!("{root}/{module}/mod.rs")]
    });
    let mut candidates = candidates.filter(|file| is_there(file));
    candidates.next().unwrap_or_else(|| format!("{root}/lib.rs"))
}

/// The files that a file knows; `sealing/` where it knows the crate below.
fn known(root: &str, file: &str) -> BTreeSet<String> {
    let code = code(file);
    let module = file[root.len() + 1..].trim_end_matches(".rs").trim_end_matches("/mod");
    let here: Vec<&str> = module.split('/').collect();
    // There, `super` is the file itself.
    let has_modules = code.lines().any(|line| line.starts_with("mod ") && line.ends_with('{'));
    let starts: [(&str, &[&str]); 3] = [
        ("crate::", &[]),
        ("super::", &here[..here.len() - 1]),
        ("self::", &here),
    ];
    let mut known = BTreeSet::new();
    for (word, start) in starts {
        for at in places(&code, word) {
            if word == "super::" && has_modules {
                continue;
            }
            let mut found = Vec::new();
            paths(&code[at + word.len()..], start, &mut found);
            known.extend(found.iter().map(|path| file_of(root, path)));
        }
    }
    if places(&code, "xq_sealing::").next().is_some() {
        known.insert("sealing/".to_owned());
    }
    known.remove(file);
    known
}

/// What each file of a crate knows. `lib.rs` only declares the others.
fn edges(root: &str) -> Edges {
    let files = files(root).into_iter().filter(|file| !file.ends_with("/lib.rs"));
    files.map(|file| (file.clone(), known(root, &file))).collect()
}

/// The same without what CONTRIBUTING.md excepts.
fn ruled_edges(root: &str) -> Edges {
    let mut edges = edges(root);
    for (from, to) in exceptions() {
        if let Some(known) = edges.get_mut(&from) {
            known.remove(&to);
        }
    }
    edges
}

/// The rows of the table of exceptions: which file may know which.
fn exceptions() -> Vec<(String, String)> {
    let text = read(HOUSE);
    let rows = text
        .lines()
        .filter_map(|line| line.strip_prefix("| `src/")?.split_once("` → `"));
    let pair = |(from, rest): (&str, &str)| {
        let to = rest.split('`').next().unwrap_or_default();
        (format!("src/{from}"), to.to_owned())
    };
    rows.map(pair).collect()
}

/// A file's or folder's name in the picture, without its ending.
fn floor(path: &str) -> String {
    let path = path.strip_prefix("src/").unwrap_or(path);
    let name = path.split('/').next().unwrap_or_default();
    name.trim_end_matches(".rs").to_owned()
}

/// The lines of the picture, from the top: a floor, and those that it is drawn to know.
fn picture() -> Vec<(String, BTreeSet<String>)> {
    let text = read(HOUSE);
    let block = text.split("```text\n").nth(1).and_then(|rest| rest.split("```").next());
    let lines = block.expect("there is a picture").lines();
    let floors = lines.filter_map(|line| {
        let (name, knows) = line.split_once('→').unwrap_or((line, ""));
        let name = name.trim();
        let is_floor = !name.contains(' ') && (name.ends_with('/') || name.ends_with(".rs"));
        let knows = knows.split_whitespace().map(str::to_owned).collect();
        is_floor.then(|| (floor(name), knows))
    });
    floors.collect()
}

#[test]
fn the_picture_is_what_the_code_says() {
    let mut house: Edges = BTreeMap::from([("sealing".to_owned(), BTreeSet::new())]);
    for (file, known) in ruled_edges("src") {
        let known = known.iter().map(|other| floor(other));
        house.entry(floor(&file)).or_default().extend(known);
    }
    let drawn = picture();
    let order: Vec<&str> = drawn.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        order.iter().copied().collect::<BTreeSet<_>>(),
        house.keys().map(String::as_str).collect::<BTreeSet<_>>(),
        "on the left the floors of the picture, on the right what is in src/",
    );
    for (at, (name, drawn)) in drawn.iter().enumerate() {
        let known = house[name].iter().filter(|other| *other != name);
        for other in known.clone() {
            assert!(
                order[at..].contains(&other.as_str()),
                "{name} knows {other}, which is above it"
            );
        }
        let known: BTreeSet<String> = known
            .filter(|other| !KNOWN_TO_ALL.contains(&other.as_str()))
            .cloned()
            .collect();
        assert_eq!(
            drawn, &known,
            "{name}: on the left what is drawn, on the right what it knows"
        );
    }
}

#[test]
fn no_files_know_each_other_in_a_circle() {
    for root in CRATES {
        let mut edges = ruled_edges(root);
        assert!(edges.len() > 10, "{root}");
        // Whoever knows nobody that is left is in no circle, nor is whom nobody knows.
        loop {
            let before = edges.len();
            let left: BTreeSet<String> = edges.keys().cloned().collect();
            edges.retain(|_, known| known.iter().any(|other| left.contains(other)));
            let known: BTreeSet<String> = edges.values().flatten().cloned().collect();
            edges.retain(|file, _| known.contains(file));
            if edges.len() == before {
                break;
            }
        }
        assert_eq!(edges, Edges::new(), "they know each other");
    }
}

#[test]
fn an_exception_is_one() {
    let edges = edges("src");
    for (from, to) in exceptions() {
        assert!(
            edges[&from].contains(&to),
            "{from} does not know {to}: the exception is not needed"
        );
    }
}

/// What stands between backticks.
fn spans(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn what_has_one_place_stands_there_alone() {
    let text = read(HOUSE);
    let table = text
        .split("| what | stands only in |")
        .nth(1)
        .expect("there is a table");
    let rows: Vec<Vec<&str>> = table
        .lines()
        .skip(2)
        .map_while(|line| line.strip_prefix("| "))
        .map(|row| row.split(" | ").collect())
        .collect();
    assert!(rows.len() > 5);
    for row in rows {
        let allowed: Vec<&str> = spans(row[1]).collect();
        for word in spans(row[0]) {
            let mut used = BTreeSet::new();
            for file in CRATES
                .into_iter()
                .flat_map(files)
                .filter(|file| places(&code(file), word).next().is_some())
            {
                let place = allowed.iter().find(|place| file.starts_with(**place));
                used.insert(*place.unwrap_or_else(|| panic!("{file} has {word}, which stands only in {allowed:?}")));
            }
            assert!(!used.is_empty(), "nobody has {word}");
        }
    }
}

/// Whether a word between backticks is the name of a file or a folder of the repository.
fn is_path(word: &str) -> bool {
    const ENDINGS: [&str; 9] = [".rs", ".md", ".toml", ".sh", ".txt", ".h", ".hpp", ".c", ".py"];
    (word.contains('/') || ENDINGS.iter().any(|ending| word.ends_with(ending))) && !word.starts_with("target/")
}

#[test]
fn what_the_documents_name_is_there() {
    let mut paths = 0;
    for document in DOCUMENTS {
        let text = read(document);
        // Blocks aside, whose fences would be spans without text.
        let text = text.split("```").step_by(2).collect::<String>();
        // A span may go on in the next line.
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for span in spans(&text) {
            let (file, functions) = span.split_once(": ").unwrap_or((span, ""));
            for word in file.split_whitespace().filter(|word| is_path(word)) {
                assert!(is_there(word), "{document}: there is no {word}");
                paths += 1;
            }
            for name in functions.split(", ").filter(|name| is_path(file) && !name.is_empty()) {
                assert!(has_function(file, name), "{document}: {file} has no function {name}");
            }
        }
    }
    assert!(paths > 100);
}

/// Every page's links: to a file that is there, or to a heading of its own or of that file.
#[test]
fn no_link_is_dead() {
    let mut links = 0;
    for page in pages(Path::new(env!("CARGO_MANIFEST_DIR"))) {
        let text = fs::read_to_string(&page).expect("a page is text");
        // Blocks of code aside.
        for link in text.split("```").step_by(2).flat_map(|text| text.split("](").skip(1)) {
            let link = link.split(')').next().unwrap_or_default();
            if link.starts_with("https://") {
                continue;
            }
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let there = if file.is_empty() {
                page.clone()
            } else {
                page.with_file_name(file)
            };
            assert!(there.exists(), "{}: there is no {link}", page.display());
            if !heading.is_empty() {
                let text = fs::read_to_string(&there).expect("a page is text");
                assert!(
                    headings(&text).any(|name| name == heading),
                    "{}: there is no {link}",
                    page.display()
                );
            }
            links += 1;
        }
    }
    assert!(links > 50, "{links}");
}

/// The pages in Markdown, those of dependencies and of builds aside.
fn pages(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    entries
        .map(|entry| entry.expect("it can be read").path())
        .flat_map(|path| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let aside = name.starts_with('.') || ["target", "vendor", "node_modules"].contains(&name);
            match path.is_dir() && !path.is_symlink() {
                true if !aside => pages(&path),
                false if name.ends_with(".md") => vec![path],
                _ => vec![],
            }
        })
        .collect()
}

/// What a page's headings are called in links.
fn headings(text: &str) -> impl Iterator<Item = String> {
    text.lines().filter(|line| line.starts_with('#')).map(|line| {
        let words = line.trim_start_matches('#').trim().to_lowercase();
        words
            .chars()
            .filter(|c| c.is_alphanumeric() || " -_".contains(*c))
            .collect::<String>()
            .replace(' ', "-")
    })
}

fn has_function(file: &str, name: &str) -> bool {
    let text = read(file);
    let word = if file.ends_with(".rs") {
        format!("fn {name}")
    } else {
        name.to_owned()
    };
    places(&text, &word).any(|at| text[at + word.len()..].starts_with(['(', '<']))
}
