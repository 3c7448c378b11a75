//! The fuzzer's bytes, read as numbers, texts and lists; and the same written, for seeds.

use std::ffi::{CString, c_char};
use std::ptr;

/// What is left of the fuzzer's bytes. Where they end, all is zero, and a text is NULL.
pub struct Input<'a> {
    rest: &'a [u8],
}

impl<'a> Input<'a> {
    /// All of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Input { rest: bytes }
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// What is left.
    pub fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.rest)
    }

    /// One byte.
    pub fn byte(&mut self) -> u8 {
        let Some((&first, rest)) = self.rest.split_first() else {
            return 0;
        };
        self.rest = rest;
        first
    }

    /// A number: small, at a limit, or any.
    pub fn integer(&mut self) -> i64 {
        match self.byte() {
            255 => {
                let mut bytes = [0; 8];
                bytes.fill_with(|| self.byte());
                i64::from_le_bytes(bytes)
            }
            254 => i64::MAX,
            253 => i64::MIN,
            252 => i32::MAX.into(),
            251 => i32::MIN.into(),
            small => i64::from(small) - 1,
        }
    }

    /// The same, cut to what a C `int32_t` holds.
    pub fn int32(&mut self) -> i32 {
        self.integer() as i32
    }

    /// As many bytes as the first one says, or the two after a 255.
    pub fn bytes(&mut self) -> &'a [u8] {
        let length = match self.byte() {
            255 => u16::from_le_bytes([self.byte(), self.byte()]).into(),
            length => usize::from(length),
        };
        let (bytes, rest) = self.rest.split_at(length.min(self.rest.len()));
        self.rest = rest;
        bytes
    }

    /// NULL, or a C string of any bytes, in a block of memory that ends with it.
    pub fn text(&mut self) -> Text {
        if self.byte() == 0 {
            return Text(None);
        }
        let bytes = self.bytes().split(|b| *b == 0).next().unwrap_or_default();
        Text(Some(CString::new(bytes).expect("it was cut before its NUL")))
    }

    /// NULL or bytes, in a block of memory that ends with them, and a length that is right; but NULL may have any.
    pub fn data(&mut self) -> Data {
        let (bytes, length) = match self.byte() {
            0 => (None, 0),
            1 => (None, self.integer() as usize),
            _ => {
                let bytes = self.bytes();
                (Some(bytes.into()), bytes.len())
            }
        };
        Data { bytes, length }
    }

    /// NULL or an array of C strings, in a block of memory that ends with it, and a count that is right; but NULL may
    /// have any.
    pub fn list(&mut self) -> List {
        match self.byte() {
            0 => List::null(0),
            1 => List::null(self.integer() as usize),
            more => List::new((2..more.min(34)).map(|_| self.text()).collect()),
        }
    }
}

/// Bytes with their length, or NULL.
pub struct Data {
    bytes: Option<Box<[u8]>>,
    length: usize,
}

impl Data {
    /// As C takes it.
    pub fn pointer(&self) -> *const u8 {
        self.bytes.as_ref().map_or(ptr::null(), |bytes| bytes.as_ptr())
    }

    /// As C takes it.
    pub fn length(&self) -> usize {
        self.length
    }

    /// The bytes; none for NULL.
    pub fn get(&self) -> &[u8] {
        self.bytes.as_deref().unwrap_or_default()
    }
}

/// A C string, or NULL.
pub struct Text(Option<CString>);

impl Text {
    /// As C takes it.
    pub fn pointer(&self) -> *const c_char {
        self.0.as_ref().map_or(ptr::null(), |text| text.as_ptr())
    }

    pub(crate) fn null() -> Self {
        Text(None)
    }

    /// What it is of.
    pub(crate) fn bytes(&self) -> Option<&[u8]> {
        self.0.as_ref().map(|text| text.as_bytes())
    }

    /// The text, where there is one and it is UTF-8.
    pub fn get(&self) -> Option<&str> {
        self.0.as_ref()?.to_str().ok()
    }

    /// Whether it is neither NULL nor UTF-8.
    pub fn is_broken(&self) -> bool {
        self.0.is_some() && self.get().is_none()
    }
}

impl From<CString> for Text {
    fn from(text: CString) -> Self {
        Text(Some(text))
    }
}

/// An array of C strings, or NULL.
pub struct List {
    texts: Vec<Text>,
    pointers: Option<Box<[*const c_char]>>,
    count: usize,
}

impl List {
    fn null(count: usize) -> Self {
        List {
            texts: Vec::new(),
            pointers: None,
            count,
        }
    }

    fn new(texts: Vec<Text>) -> Self {
        List {
            pointers: Some(texts.iter().map(Text::pointer).collect()),
            count: texts.len(),
            texts,
        }
    }

    /// As C takes it.
    pub fn pointer(&self) -> *const *const c_char {
        self.pointers.as_ref().map_or(ptr::null(), |pointers| pointers.as_ptr())
    }

    /// As C takes it.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The texts, where each is one.
    pub fn get(&self) -> Option<Vec<String>> {
        self.get_first(self.texts.len())
    }

    /// As many of them as that.
    pub(crate) fn get_first(&self, count: usize) -> Option<Vec<String>> {
        let texts = self.texts.iter().take(count);
        texts.map(|text| text.get().map(str::to_owned)).collect()
    }
}

/// Bytes that an [`Input`] reads back.
#[derive(Clone, Default)]
pub struct Seed(Vec<u8>);

impl Seed {
    /// An empty one.
    pub fn new() -> Self {
        Seed::default()
    }

    /// See [`Input::byte`].
    pub fn byte(mut self, byte: u8) -> Self {
        self.0.push(byte);
        self
    }

    /// See [`Input::integer`].
    pub fn integer(mut self, number: i64) -> Self {
        match u8::try_from(number.saturating_add(1)) {
            Ok(small) if small <= 250 => self.0.push(small),
            _ => {
                self.0.push(255);
                self.0.extend(number.to_le_bytes());
            }
        }
        self
    }

    /// See [`Input::bytes`].
    pub fn bytes(mut self, bytes: &[u8]) -> Self {
        match u8::try_from(bytes.len()) {
            Ok(length) if length < 255 => self.0.push(length),
            _ => {
                let length = u16::try_from(bytes.len()).expect("a seed's texts are short");
                self.0.push(255);
                self.0.extend(length.to_le_bytes());
            }
        }
        self.0.extend_from_slice(bytes);
        self
    }

    /// See [`Input::data`].
    pub fn data(self, bytes: &[u8]) -> Self {
        self.byte(2).bytes(bytes)
    }

    /// See [`Input::text`].
    pub fn text(self, text: &str) -> Self {
        self.byte(1).bytes(text.as_bytes())
    }

    /// See [`Input::text`].
    pub fn null(self) -> Self {
        self.byte(0)
    }

    /// See [`Input::list`].
    pub fn list(self, texts: &[&str]) -> Self {
        let count = u8::try_from(texts.len() + 2).expect("a seed's lists are short");
        texts.iter().fold(self.byte(count), |seed, text| seed.text(text))
    }

    /// What comes last, without its length.
    pub fn rest(mut self, bytes: &[u8]) -> Vec<u8> {
        self.0.extend_from_slice(bytes);
        self.0
    }
}
