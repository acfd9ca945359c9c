//! The command line as a script sees it: what it prints and its exit status.

use std::process::{Command, Output};

fn ternlet(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ternlet")).args(arguments).output().expect("the command line starts")
}

#[test]
fn boards_as_text_and_as_json() {
    let text = ternlet(&["boards"]);
    assert!(text.status.success());
    let text = String::from_utf8(text.stdout).unwrap();
    let names: Vec<&str> = text.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let json: serde_json::Value = serde_json::from_slice(&ternlet(&["boards", "--json"]).stdout).unwrap();
    let listed: Vec<&str> =
        json["boards"].as_array().unwrap().iter().map(|row| row["board"].as_str().unwrap()).collect();
    assert_eq!(names, listed);
    assert!(names.contains(&"icebreaker") && names.contains(&"tangnano9k"));
    assert_eq!(json["boards"][0]["resources"]["lut4"], 5280);
}

#[test]
fn tools_are_listed_whether_installed_or_not() {
    let cache = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_ternlet"))
        .args(["tools", "--json"])
        .env("TERNLET_CACHE", cache.path())
        .output()
        .unwrap();
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let tools = json["tools"].as_array().unwrap();
    let yosys = tools.iter().find(|tool| tool["name"] == "yosys").expect("yosys is listed");
    assert_eq!(yosys["installed"], false);
}

#[test]
fn a_bad_argument_is_bad_input() {
    let output = ternlet(&["boreds"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("boreds"));
}
