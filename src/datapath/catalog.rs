//! All datapaths: one line each.

use super::config::Config;

macro_rules! catalog {
    ($($config:path,)*) => {
        /// Every datapath that there is.
        pub fn entries() -> Vec<Entry> {
            vec![$(Entry::of::<$config>()),*]
        }

        /// Hands the configuration type of `kind` to `visitor`; none if there is no such datapath.
        pub fn visit<V: Visitor>(kind: &str, visitor: V) -> Option<V::Output> {
            match kind {
                $(<$config>::KIND => Some(visitor.visit::<$config>()),)*
                _ => None,
            }
        }
    };
}

catalog! {
    super::argmax::ArgmaxConfig,
    super::codebook_mac::CodebookMacConfig,
    super::edge_enhance::EdgeEnhanceConfig,
    super::gradient_prune::GradientPruneConfig,
    super::lifting::LiftingConfig,
    super::network::NetworkConfig,
    super::nm_compress::NmCompressConfig,
    super::nm_mac::NmMacConfig,
    super::nm_select::NmSelectConfig,
    super::requantize::RequantizeConfig,
    super::slb_select::SlbSelectConfig,
    super::sr_ste_update::SrSteUpdateConfig,
    super::ternary_mac::TernaryMacConfig,
    super::wavelet_quantizer::WaveletQuantizerConfig,
}

/// A datapath in the list of those that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Entry {
    pub kind: &'static str,
    pub summary: &'static str,
    #[serde(skip)]
    pub example: &'static str,
}

impl Entry {
    fn of<C: Config>() -> Self {
        Self { kind: C::KIND, summary: C::SUMMARY, example: C::EXAMPLE }
    }
}

/// What is done with a configuration type that is known by name only at run time.
pub trait Visitor {
    type Output;
    fn visit<C: Config>(self) -> Self::Output;
}
