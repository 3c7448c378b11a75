//! C programs on the real header and library.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};
use std::sync::{Mutex, OnceLock};
use std::{env, fs};

pub const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// The sources of the example's transport over plain sockets, without their endings.
pub const OWN_TRANSPORT: [&str; 3] = ["posix_transport", "posix_socket", "http_exchange"];
pub const WARNINGS: [&str; 4] = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    C99,
    Cxx11,
}

/// Compiles `tests/c/NAME.c` against the header and the shared library; `None` where there is no such compiler.
pub fn compile(name: &str, language: Language) -> Option<PathBuf> {
    compile_with(name, language, &[], &[])
}

/// The same with more sources, of examples-c, beside it, and these libraries.
pub fn compile_with(name: &str, language: Language, more: &[&str], libraries: &[&str]) -> Option<PathBuf> {
    let (compiler, arguments, suffix) = match language {
        Language::C99 => ("cc", ["-x", "c", "-std=c99"], "c99"),
        Language::Cxx11 => ("c++", ["-x", "c++", "-std=c++11"], "cxx11"),
    };
    if !has(compiler) {
        return None;
    }
    let library = library_directory();
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{suffix}"));
    // Once for all tests of this run: a program cannot be written while another test runs it.
    static COMPILED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
    let mut compiled = COMPILED.lock().expect("no compilation failed");
    if compiled.contains(&program) {
        return Some(program);
    }
    let output = Command::new(compiler)
        .args(arguments)
        .args(WARNINGS)
        // That a wrong NULL is told is what some of these programs test.
        .args(["-Wno-nonnull", "-g"])
        .args(sanitizer_flags())
        .arg(format!("-I{ROOT}/include"))
        .arg(format!("{ROOT}/tests/c/{name}.c"))
        .args(more.iter().map(|source| format!("{ROOT}/examples-c/{source}.c")))
        .args(["-x", "none", "-L"])
        .arg(&library)
        .args(["-lxq", "-pthread"])
        .args(libraries.iter().map(|library| format!("-l{library}")))
        .arg(format!("-Wl,-rpath,{}", library.display()))
        .arg("-o")
        .arg(&program)
        .output()
        .expect("the compiler starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    compiled.push(program.clone());
    Some(program)
}

fn compile_driver(language: Language) -> Option<PathBuf> {
    compile_with("driver", language, &OWN_TRANSPORT, &[])
}

/// Whether `tool` is there. With `CI` set it must be.
pub fn has(tool: &str) -> bool {
    let found = env::split_paths(&env::var_os("PATH").unwrap_or_default()).any(|dir| dir.join(tool).is_file());
    assert!(
        found || env::var_os("CI").is_none(),
        "{tool} is missing, and CI must have it"
    );
    if !found {
        eprintln!("SKIPPED: there is no {tool} here");
    }
    found
}

/// What `tests/sanitize.sh` has the C programs compiled with.
fn sanitizer_flags() -> Vec<String> {
    let flags = env::var("XQ_TEST_CFLAGS").unwrap_or_default();
    flags.split_whitespace().map(str::to_owned).collect()
}

/// Whether a sanitizer watches the C programs.
pub fn sanitized() -> bool {
    !sanitizer_flags().is_empty()
}

/// Where cargo put the library that this test was built with, or the one that `XQ_TEST_LIBRARY_DIR` names.
pub fn library_directory() -> PathBuf {
    if let Some(directory) = env::var_os("XQ_TEST_LIBRARY_DIR") {
        return directory.into();
    }
    let test = env::current_exe().expect("a test has a path");
    let directory = test.parent().expect("a test is in a directory").to_owned();
    let names = ["libxq.so", "libxq.dylib", "xq.dll"];
    assert!(
        names.iter().any(|name| directory.join(name).exists()),
        "no library in {}",
        directory.display()
    );
    directory
}

/// `program`, under valgrind where `XQ_TEST_VALGRIND` is set.
pub fn command(program: &Path) -> Command {
    if env::var_os("XQ_TEST_VALGRIND").is_some() {
        let mut valgrind = Command::new("valgrind");
        valgrind
            .args(["--quiet", "--vgdb=no", "--leak-check=full", "--error-exitcode=99"])
            // A thread that waits for its turn gets it before the others have had theirs many times.
            .arg("--fair-sched=try")
            .arg(format!("--suppressions={ROOT}/tests/valgrind.supp"))
            .args([
                "--errors-for-leak-kinds=definite,indirect,possible",
                "--show-leak-kinds=definite,indirect,possible",
            ])
            .arg(program);
        return clean(valgrind);
    }
    plain_command(program)
}

/// `program`, never under valgrind.
pub fn plain_command(program: &Path) -> Command {
    clean(Command::new(program))
}

fn clean(mut command: Command) -> Command {
    // Cargo's own search path comes before the program's, and may lead to the library of another build.
    for name in ["LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"] {
        command.env_remove(name);
    }
    // What the person at this machine has set is not this test's.
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("XQ_")) {
        command.env_remove(name);
    }
    command
}

pub fn run(program: &Path) -> Output {
    command(program).output().expect("the program starts")
}

/// Whether the tests run over a transport of the program's own, which shares no connections and knows neither TLS nor
/// proxies.
pub fn own_transport() -> bool {
    env::var_os("XQ_TEST_TRANSPORT").is_some()
}

/// A C program that calls libxq as it is told, one line a call.
pub struct Driver {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    is_killed: bool,
}

/// What one call gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub status: String,
    pub http_status: u16,
    pub can_retry: bool,
    pub out: Option<String>,
    pub message: String,
}

impl Outcome {
    #[track_caller]
    pub fn ok(self) -> Option<String> {
        assert_eq!(self.status, "XQ_OK", "{}", self.message);
        assert_eq!(
            (self.http_status, self.can_retry, self.message.as_str()),
            (0, false, "")
        );
        self.out
    }

    /// A failure with this status, whose message has `words` in it.
    #[track_caller]
    pub fn failed(&self, status: &str, words: &str) {
        assert_eq!(self.status, status, "{}", self.message);
        assert_eq!(self.out, None);
        assert!(
            self.message.contains(words),
            "'{}' does not say '{words}'",
            self.message
        );
        assert!(!self.message.contains(['\n', '\r']), "{}", self.message);
    }
}

impl Driver {
    /// A driver with these variables in its environment, and nothing configured.
    pub fn start<K: AsRef<OsStr>, V: AsRef<OsStr>>(environment: impl IntoIterator<Item = (K, V)>) -> Driver {
        Driver::start_with_stderr(environment, Stdio::inherit())
    }

    /// The same, with its standard error going elsewhere.
    pub fn start_with_stderr<K: AsRef<OsStr>, V: AsRef<OsStr>>(
        environment: impl IntoIterator<Item = (K, V)>,
        stderr: Stdio,
    ) -> Driver {
        static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
        let program = PROGRAM.get_or_init(|| compile_driver(Language::C99).expect("there is a C compiler"));
        Driver::spawn(program, environment, stderr)
    }

    /// The same program, compiled as C++; `None` where there is no compiler for it.
    pub fn start_in_cxx11<K: AsRef<OsStr>, V: AsRef<OsStr>>(
        environment: impl IntoIterator<Item = (K, V)>,
    ) -> Option<Driver> {
        let program = compile_driver(Language::Cxx11)?;
        Some(Driver::spawn(&program, environment, Stdio::inherit()))
    }

    /// One of this program.
    pub fn spawn<K: AsRef<OsStr>, V: AsRef<OsStr>>(
        program: &Path,
        environment: impl IntoIterator<Item = (K, V)>,
        stderr: Stdio,
    ) -> Driver {
        let mut child = command(program)
            .envs(environment)
            .envs(own_transport().then_some(("DRIVER_TRANSPORT", "1")))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .expect("the driver starts");
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().expect("it is piped"));
        Driver {
            child,
            input,
            output,
            is_killed: false,
        }
    }

    /// A driver with a handle made from these variables.
    pub fn open<K: AsRef<OsStr>, V: AsRef<OsStr>>(environment: impl IntoIterator<Item = (K, V)>) -> Driver {
        let mut driver = Driver::start(environment);
        driver.call(&["read_environment"]).ok();
        driver.call(&["open"]).ok();
        driver
    }

    /// Calls `command[0]` with the arguments after it; `@` is NULL.
    #[track_caller]
    pub fn call(&mut self, command: &[&str]) -> Outcome {
        self.tell(command);
        self.hear()
    }

    /// The same with arguments of any bytes but NUL.
    #[track_caller]
    pub fn call_bytes(&mut self, command: &[&[u8]]) -> Outcome {
        self.tell_bytes(command);
        self.hear()
    }

    /// Starts a call without waiting for its end.
    pub fn tell(&mut self, command: &[&str]) {
        let command: Vec<&[u8]> = command.iter().map(|field| field.as_bytes()).collect();
        self.tell_bytes(&command);
    }

    fn tell_bytes(&mut self, command: &[&[u8]]) {
        let mut line = command
            .iter()
            .map(|field| escape(field))
            .collect::<Vec<_>>()
            .join(&b'\t');
        line.push(b'\n');
        let input = self.input.as_mut().expect("it runs");
        input.write_all(&line).expect("the driver reads");
    }

    /// Kills it, whatever it is doing.
    #[cfg(unix)]
    pub fn kill(mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it ends");
        self.is_killed = true;
    }

    /// Waits until it has killed itself.
    #[cfg(unix)]
    #[track_caller]
    pub fn ends_killed(mut self) {
        use std::os::unix::process::ExitStatusExt;
        self.is_killed = true;
        assert_eq!(self.child.wait().expect("it ends").signal(), Some(9));
    }

    /// The most memory that it had in use, in bytes.
    #[cfg(target_os = "linux")]
    pub fn peak_memory(&self) -> usize {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs");
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = peak.and_then(|rest| rest.trim().strip_suffix(" kB"));
        kib.and_then(|kib| kib.parse::<usize>().ok()).expect("a number") * 1024
    }

    /// How many files and sockets it has open.
    #[cfg(target_os = "linux")]
    pub fn open_files(&self) -> usize {
        fs::read_dir(format!("/proc/{}/fd", self.child.id()))
            .expect("it runs")
            .count()
    }

    #[track_caller]
    pub fn hear(&mut self) -> Outcome {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("the driver answers");
        let fields: Vec<&str> = line.trim_end_matches('\n').split('\t').collect();
        let [status, http_status, can_retry, out, message] = fields[..] else {
            panic!("the driver stopped with {:?}", self.child.wait());
        };
        Outcome {
            status: status.to_owned(),
            http_status: http_status.parse().expect("a number"),
            can_retry: can_retry == "1",
            out: (out != "@").then(|| unescape(out)),
            message: unescape(message),
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        drop(self.input.take());
        let status = self.child.wait().expect("the driver ends");
        if !std::thread::panicking() && !self.is_killed {
            assert!(status.success(), "the driver ended with {status}");
        }
    }
}

fn escape(field: &[u8]) -> Vec<u8> {
    let escaped = field.iter().map(|&b| match b {
        b'\t' | b'\n' | b'\r' | b'\\' => format!("\\x{b:02x}").into_bytes(),
        _ => vec![b],
    });
    escaped.collect::<Vec<_>>().concat()
}

fn unescape(field: &str) -> String {
    let mut text = String::new();
    let mut parts = field.split("\\x");
    text.push_str(parts.next().unwrap_or(""));
    for part in parts {
        let byte = u8::from_str_radix(&part[..2], 16).expect("two digits");
        text.push(byte.into());
        text.push_str(&part[2..]);
    }
    text
}

/// A fresh directory for one test.
pub fn scratch(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    fs::create_dir_all(&directory).expect("the directory can be made");
    directory
}
