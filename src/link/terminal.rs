//! A pseudo-terminal: what others open as a serial port, with this process at its other end.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::{AsRawFd, FromRawFd};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The end of a pseudo-terminal that is not the port.
pub struct Terminal {
    end: File,
    /// What is to be opened as a port.
    pub path: PathBuf,
    /// A name for it that a person chose.
    link: Option<PathBuf>,
}

impl Terminal {
    /// A new one; `link` becomes a link to its port for as long as this lives.
    ///
    /// # Errors
    /// If the machine has none, or there is something at `link` that is no link.
    pub fn open(link: Option<&Path>) -> io::Result<Self> {
        let failed = || Err(io::Error::last_os_error());
        // SAFETY: calls of the C library as its manual has them; the file belongs to nobody else.
        let (end, path) = unsafe {
            let end = libc::posix_openpt(libc::O_RDWR | libc::O_NOCTTY | libc::O_NONBLOCK | libc::O_CLOEXEC);
            if end < 0 {
                return failed();
            }
            let file = File::from_raw_fd(end);
            let mut name = [0 as libc::c_char; 128];
            if libc::grantpt(end) < 0
                || libc::unlockpt(end) < 0
                || libc::ptsname_r(end, name.as_mut_ptr(), name.len()) != 0
            {
                return failed();
            }
            let name = std::ffi::CStr::from_ptr(name.as_ptr());
            (file, PathBuf::from(name.to_string_lossy().into_owned()))
        };
        if let Some(link) = link {
            if link.is_symlink() {
                std::fs::remove_file(link)?;
            }
            std::os::unix::fs::symlink(&path, link)?;
        }
        Ok(Self { end, path, link: link.map(Path::to_owned) })
    }

    /// What came through the port; nothing where nobody has opened it.
    ///
    /// # Errors
    /// What became of it.
    pub fn hear(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; 4096];
        let count = quiet(self.end.read(&mut bytes))?;
        bytes.truncate(count);
        Ok(bytes)
    }

    /// Says as much of `bytes` as there is room for.
    ///
    /// # Errors
    /// What became of it.
    pub fn say(&mut self, bytes: &[u8]) -> io::Result<usize> {
        quiet(self.end.write(bytes))
    }

    /// Waits until somebody says something, `time` at most.
    pub fn wait(&self, time: Duration) {
        let mut asked = libc::pollfd { fd: self.end.as_raw_fd(), events: libc::POLLIN, revents: 0 };
        let milliseconds = time.as_millis().try_into().unwrap_or(libc::c_int::MAX);
        // SAFETY: one entry is given, and there is one.
        unsafe { libc::poll(&mut asked, 1, milliseconds) };
        // Without anybody at the port there is no waiting.
        if asked.revents & libc::POLLHUP != 0 {
            std::thread::sleep(time);
        }
    }
}

/// Nothing where it would block, or nobody has the port open.
fn quiet(result: io::Result<usize>) -> io::Result<usize> {
    result.or_else(|error| match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::Interrupted => Ok(0),
        _ if error.raw_os_error() == Some(libc::EIO) => Ok(0),
        _ => Err(error),
    })
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if let Some(link) = &self.link {
            let _ = std::fs::remove_file(link);
        }
    }
}
