//! The brand's configuration.

use crate::fault::{Loaded, at};
use hearken::calendar::Zone;
use hearken::engine::{Engine, Settings};
use serde::Deserialize;
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Who the brand is, and how the engine is set up.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The brand's name, as headings show it; without it, its first account.
    #[serde(default)]
    brand: Option<String>,
    /// The brand's own accounts on every platform, by id or handle: what they write is outbound.
    #[serde(default)]
    pub accounts: Vec<String>,
    #[serde(default)]
    pub settings: Settings,
}

impl Config {
    /// The name of the brand.
    pub fn brand(&self) -> &str {
        let named = self.brand.as_deref().or_else(|| self.accounts.first().map(String::as_str));
        named.unwrap_or("The brand")
    }

    /// The tenant that the engine keeps everything under: the brand's name in lower case.
    pub fn tenant(&self) -> String {
        self.brand().to_lowercase().split_whitespace().collect::<Vec<_>>().join("-")
    }

    /// The monitor that stands for the brand as a whole.
    pub fn monitor(&self) -> Option<&str> {
        let brand = |monitor: &&hearken::listen::Monitor| monitor.kind == hearken::listen::MonitorKind::Brand;
        self.settings.monitors.iter().find(brand).map(|monitor| &*monitor.id)
    }

    /// The zone that times are shown in, and its name.
    pub fn zone(&self) -> (Zone, &str) {
        let name = self.settings.zone.as_deref().unwrap_or("UTC");
        (Zone::named(name).unwrap_or_else(|_| Zone::utc()), name)
    }
}

/// Reads a configuration; every fault of the settings names the file.
pub fn load(path: &Path) -> Loaded<Config> {
    let text = fs::read_to_string(path).map_err(at(path))?;
    if let Ok(Some(settings)) =
        serde_json::from_str::<Value>(&text).as_ref().map(|whole| whole.get("settings"))
    {
        Settings::parse(&settings.to_string()).map_err(at(path))?;
    }
    serde_json::from_str(&text).map_err(at(path))
}

/// The engine of a configuration read from `path`, for a tenant.
pub fn engine(path: &Path, config: &Config, tenant: String) -> Loaded<Engine> {
    let builder = Engine::builder(tenant).salt(*b"a story, no salt");
    builder.settings(config.settings.clone()).build().map_err(at(path))
}
