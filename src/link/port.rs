//! The serial ports of this machine.

use super::wire::Wire;
use serialport::{SerialPort, SerialPortType, TTYPort};
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::AsRawFd;
use std::path::Path;
use std::time::{Duration, Instant};

/// A serial port, which is this process's alone as long as it is open.
pub struct HostPort {
    port: TTYPort,
    begun: Instant,
}

impl HostPort {
    /// Opens the port at `path` with `baud` bits a second.
    ///
    /// # Errors
    /// If there is none, somebody else has it, or it is not allowed.
    pub fn open(path: &str, baud: u32) -> io::Result<Self> {
        let port = serialport::new(path, baud).timeout(PATIENCE).open_native()?;
        Ok(Self { port, begun: Instant::now() })
    }
}

/// How long an exchange waits for the line.
const PATIENCE: Duration = Duration::from_millis(1);

impl Wire for HostPort {
    fn exchange(&mut self, bytes: &[u8]) -> io::Result<(usize, Vec<u8>)> {
        let late = |error: io::Error| if error.kind() == ErrorKind::TimedOut { Ok(0) } else { Err(error) };
        let sent = if bytes.is_empty() { 0 } else { self.port.write(bytes).or_else(late)? };
        let there = self.port.bytes_to_read()? as usize;
        // With nothing to send there is time to wait for the first byte.
        let mut heard = vec![0; if sent == 0 { there.max(1) } else { there }];
        let count = if heard.is_empty() { 0 } else { self.port.read(&mut heard).or_else(late)? };
        heard.truncate(count);
        Ok((sent, heard))
    }

    fn now(&self) -> Duration {
        self.begun.elapsed()
    }
}

impl Drop for HostPort {
    fn drop(&mut self) {
        // A pseudo-terminal stays open at its other end, and would stay ours.
        // SAFETY: the file is open, and the request takes no argument.
        unsafe { libc::ioctl(self.port.as_raw_fd(), libc::TIOCNXCL) };
    }
}

/// The serial ports that adapters make; others of this machine are not for boards.
pub fn ports() -> Vec<String> {
    // The library panics where this folder is missing.
    if cfg!(target_os = "linux") && !Path::new("/sys/class/tty").is_dir() {
        return Vec::new();
    }
    let found = serialport::available_ports().unwrap_or_default();
    let of_adapters = found.into_iter().filter(|port| matches!(port.port_type, SerialPortType::UsbPort(_)));
    of_adapters.map(|port| port.port_name).collect()
}
