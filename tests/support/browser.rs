//! A real Chromium, driven by chromedriver: what a person would see, and what the browser complained about.

use super::leash::{Launch, Leash};
use super::{http, program};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use thirtyfour::common::capabilities::chromium::ChromiumLikeCapabilities;
use thirtyfour::{DesiredCapabilities, LoggingPrefsLogLevel, WebDriver};

/// Width of the window, or of the phone that is emulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// 1280 × 900.
    Desk,
    /// 390 × 844 by device emulation: a window cannot be made that narrow.
    Phone,
}

/// What the reader's system prefers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
}

/// One window with a profile of its own. End it by [`Browser::close`].
pub struct Browser {
    /// Everything that is not here: find, click, type.
    pub driver: WebDriver,
    /// The folder that Chromium works in.
    pub profile: PathBuf,
    width: Width,
}

/// What the page is laid out as, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    pub inner_width: i64,
    pub scroll_width: i64,
}

impl Browser {
    /// Opens a window; the driver is started once a test binary.
    pub async fn open(width: Width, theme: Theme) -> Self {
        static PROFILE: AtomicU32 = AtomicU32::new(0);
        let (leash, url) = driver();
        let profile = leash.folder().join(format!("profile-{}", PROFILE.fetch_add(1, Ordering::Relaxed)));
        let mut wanted = DesiredCapabilities::chrome();
        let scheme = match theme {
            Theme::Light => 1,
            Theme::Dark => 0,
        };
        for arg in [
            "--headless",
            "--no-sandbox", // Chromium has none for root, and this one visits our own pages only
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--no-proxy-server",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--remote-debugging-pipe", // ends when the driver does; a port would leave it alone
            "--window-size=1280,900",
            &format!("--blink-settings=preferredColorScheme={scheme}"),
            &format!("--user-data-dir={}", profile.display()),
        ] {
            wanted.add_arg(arg).unwrap();
        }
        let browser = program("chromium", &[]);
        wanted.set_binary(browser.to_str().unwrap()).unwrap();
        wanted.set_browser_log_level(LoggingPrefsLogLevel::All).unwrap();
        if width == Width::Phone {
            let metrics = json!({"deviceMetrics": {"width": 390, "height": 844, "pixelRatio": 2.0}});
            wanted.add_experimental_option("mobileEmulation", metrics).unwrap();
        }
        let driver = WebDriver::builder(url, wanted).client(http()).await;
        let driver =
            driver.unwrap_or_else(|error| panic!("Chromium did not start: {error}\n{}", leash.stderr()));
        Self { driver, profile, width }
    }

    /// Goes to a page and waits until it is loaded.
    pub async fn goto(&self, url: &str) {
        self.driver.goto(url).await.unwrap();
    }

    /// The text that is shown below an element, found by CSS selector.
    pub async fn text(&self, selector: &str) -> String {
        let element = self.driver.find(thirtyfour::By::Css(selector)).await;
        element.unwrap_or_else(|error| panic!("{selector}: {error}")).text().await.unwrap()
    }

    /// How wide the window is and how wide the page wants to be.
    pub async fn layout(&self) -> Layout {
        let script = "return [window.innerWidth, document.documentElement.scrollWidth];";
        let widths = self.driver.execute(script, Vec::new()).await.unwrap();
        let [inner_width, scroll_width] = widths.convert().unwrap();
        Layout { inner_width, scroll_width }
    }

    /// Fails when the page is not as wide as the window is meant to be, or sticks out of it.
    ///
    /// # Panics
    /// With the elements that stick out.
    pub async fn assert_fits(&self) {
        let layout = self.layout().await;
        let meant = match self.width {
            Width::Desk => 1280,
            Width::Phone => 390,
        };
        let script = "return [...document.querySelectorAll('body *')]
            .filter(e => e.getBoundingClientRect().right > window.innerWidth + 0.5)
            .slice(0, 5).map(e => e.outerHTML.slice(0, 120)).join('\\n');";
        let outside: String = self.driver.execute(script, Vec::new()).await.unwrap().convert().unwrap();
        assert!(
            layout.inner_width == meant && layout.scroll_width <= layout.inner_width,
            "a page for {meant} px has {layout:?}; out of it stick:\n{outside}"
        );
    }

    /// Errors and warnings of the console, failed loads and violations of the content security policy since the last
    /// call.
    pub async fn complaints(&self) -> Vec<String> {
        let log = self.driver.browser_log().await.unwrap();
        log.into_iter()
            .filter(|entry| matches!(entry.level.as_str(), "SEVERE" | "WARNING"))
            .map(|entry| format!("{}: {}", entry.source.unwrap_or_default(), entry.message))
            .collect()
    }

    /// A PNG of the whole page, not only of the part in the window.
    pub async fn screenshot(&self, file: &Path) {
        let whole = json!({"captureBeyondViewport": true, "format": "png"});
        let shot = self.cdp("Page.captureScreenshot", whole).await;
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, base64(shot["data"].as_str().unwrap())).unwrap();
    }

    /// Switches the page's own scripts off (or on again), as a reader without JavaScript has it; from the next page on.
    pub async fn scripts(&self, on: bool) {
        self.cdp("Emulation.setScriptExecutionDisabled", json!({"value": !on})).await;
    }

    /// A command of the Chrome DevTools protocol.
    pub async fn cdp(&self, command: &str, params: Value) -> Value {
        let (_, url) = driver();
        let url = format!("{url}/session/{}/goog/cdp/execute", self.driver.session_id());
        let body = json!({"cmd": command, "params": params});
        let answer = http().post(url).json(&body).send().await.unwrap();
        let mut answer: Value = answer.json().await.unwrap();
        let value = answer["value"].take();
        assert!(value.get("error").is_none(), "{command}: {value}");
        value
    }

    /// Ends the window.
    pub async fn close(self) {
        self.driver.quit().await.unwrap();
    }
}

/// The driver and its address.
fn driver() -> &'static (Leash, String) {
    static DRIVER: OnceLock<(Leash, String)> = OnceLock::new();
    DRIVER.get_or_init(|| {
        let mut leash = Leash::new("browser", None);
        let home = leash.folder().to_owned();
        // HOME and TMPDIR: Chromium keeps settings and sockets there.
        let launch = Launch::new(program("chromedriver", &[]))
            .arg("--port=0")
            .env("HOME", &home)
            .env("TMPDIR", &home)
            .env("XDG_CONFIG_HOME", &home)
            .env("XDG_CACHE_HOME", &home);
        leash.start(&launch);
        let mut port = None;
        leash.wait_until_ready("chromedriver", || {
            let output = leash.stdout();
            let after = output.split("started successfully on port ").nth(1);
            port = after.and_then(|text| text.split_once('.')).and_then(|(port, _)| port.parse::<u16>().ok());
            port.is_some()
        });
        let url = format!("http://127.0.0.1:{}", port.unwrap());
        (leash, url)
    })
}

/// RFC 4648 without line breaks, as the driver sends pictures.
fn base64(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0);
    for byte in text.bytes().filter(|byte| *byte != b'=') {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            other => panic!("{other} is no digit of base 64"),
        };
        bits = bits << 6 | u32::from(six);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    bytes
}
