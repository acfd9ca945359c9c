//! All datapaths: one line each, and those that another crate adds.

use super::Datapath;
use super::config::{Config, LoadError};
use super::tensor::Source;
use serde::Serialize;

/// The datapaths that design files may name.
///
/// ```
/// use ternlet::datapath::Catalog;
/// let catalog = Catalog::standard();
/// assert!(catalog.find("ternary_mac").is_some());
/// ```
///
/// Another crate adds a datapath of its own by the type of its configuration: `Catalog::standard().with::<MyConfig>()`.
#[derive(Clone, Debug)]
pub struct Catalog {
    entries: Vec<Entry>,
}

/// Reads a configuration from its keys, and makes the datapath.
type Loader = fn(toml::Table, &dyn Source) -> Result<Box<dyn Datapath>, LoadError>;

/// A datapath in the list of those that there are.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Entry {
    pub kind: &'static str,
    pub summary: &'static str,
    #[serde(skip)]
    pub example: &'static str,
    #[serde(skip)]
    loader: Loader,
}

impl Catalog {
    /// A catalog of no datapaths.
    pub fn empty() -> Self {
        Self { entries: Vec::new() }
    }

    /// Every datapath of ternlet.
    pub fn standard() -> Self {
        Self::empty()
            .with::<super::add::AddConfig>()
            .with::<super::argmax::ArgmaxConfig>()
            .with::<super::codebook_mac::CodebookMacConfig>()
            .with::<super::concat::ConcatConfig>()
            .with::<super::convolution::ConvolutionConfig>()
            .with::<super::crop::CropConfig>()
            .with::<super::edge_enhance::EdgeEnhanceConfig>()
            .with::<super::flatten::FlattenConfig>()
            .with::<super::gradient_prune::GradientPruneConfig>()
            .with::<super::lifting::LiftingConfig>()
            .with::<super::nm_compress::NmCompressConfig>()
            .with::<super::nm_mac::NmMacConfig>()
            .with::<super::nm_select::NmSelectConfig>()
            .with::<super::pad::PadConfig>()
            .with::<super::pixel_shuffle::PixelShuffleConfig>()
            .with::<super::pool::PoolConfig>()
            .with::<super::requantize::RequantizeConfig>()
            .with::<super::slb_select::SlbSelectConfig>()
            .with::<super::sr_ste_update::SrSteUpdateConfig>()
            .with::<super::ternary_mac::TernaryMacConfig>()
            .with::<super::thresholds::ThresholdsConfig>()
            .with::<super::transposed_convolution::TransposedConvolutionConfig>()
            .with::<super::upsample::UpsampleConfig>()
            .with::<super::wavelet_quantizer::WaveletQuantizerConfig>()
    }

    /// The same and the datapath of configuration `C`, in the order of their kinds.
    ///
    /// # Panics
    /// If there is one of this kind.
    pub fn with<C: Config>(mut self) -> Self {
        let entry =
            Entry { kind: C::KIND, summary: C::SUMMARY, example: C::EXAMPLE, loader: Entry::loader::<C> };
        match self.entries.binary_search_by_key(&C::KIND, |entry| entry.kind) {
            Ok(_) => panic!("there are two datapaths of kind `{}`", C::KIND),
            Err(place) => self.entries.insert(place, entry),
        }
        self
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub fn find(&self, kind: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.kind == kind)
    }

    /// All kinds, as a person reads them in a sentence.
    pub fn kinds(&self) -> String {
        self.entries.iter().map(|entry| entry.kind).collect::<Vec<_>>().join(", ")
    }
}

impl Entry {
    /// The datapath of these keys of a design file, its `kind` not among them.
    ///
    /// # Errors
    /// A key that cannot be read, or all values that cannot be.
    pub fn load(&self, keys: toml::Table, source: &dyn Source) -> Result<Box<dyn Datapath>, LoadError> {
        (self.loader)(keys, source)
    }

    fn loader<C: Config>(keys: toml::Table, source: &dyn Source) -> Result<Box<dyn Datapath>, LoadError> {
        let config: C = serde_path_to_error::deserialize(keys).map_err(|error| LoadError::Key {
            field: error.path().to_string(),
            message: error.inner().message().to_string(),
        })?;
        config.load(source).map_err(LoadError::Values)
    }
}
