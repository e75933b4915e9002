//! Which addresses an upstream's name may lead to. Pure.
//!
//! Sources: IANA's registries of special-purpose IPv4 and IPv6 addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// The addresses at which clouds tell a machine its credentials. No range opens them: only their own name does.
const METADATA: [IpAddr; 5] = [
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 2)),
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V4(Ipv4Addr::new(192, 0, 0, 192)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
];

/// What IANA keeps out of the public internet, where it is not IPv6 outside `2000::/3`.
const SPECIAL: [Range; 20] = [
    v4([0, 0, 0, 0], 8),
    v4([10, 0, 0, 0], 8),
    v4([100, 64, 0, 0], 10),
    v4([127, 0, 0, 0], 8),
    v4([169, 254, 0, 0], 16),
    v4([172, 16, 0, 0], 12),
    v4([192, 0, 0, 0], 24),
    v4([192, 0, 2, 0], 24),
    v4([192, 88, 99, 0], 24),
    v4([192, 168, 0, 0], 16),
    v4([198, 18, 0, 0], 15),
    v4([198, 51, 100, 0], 24),
    v4([203, 0, 113, 0], 24),
    v4([224, 0, 0, 0], 3),
    // Teredo, ORCHID, documentation, 6to4: none is a place of its own.
    v6([0x2001, 0], 23),
    v6([0x2001, 0xdb8], 32),
    v6([0x2002, 0], 16),
    v6([0x3fff, 0], 20),
    v6([0x5f00, 0], 16),
    v6([0xff00, 0], 8),
];

const GLOBAL: Range = v6([0x2000, 0], 3);
/// RFC 6052: an IPv4 address behind a translator.
const TRANSLATED: Range = v6([0x64, 0xff9b], 96);

/// An address, or a block of them as `10.0.0.0/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    base: IpAddr,
    bits: u8,
}

/// A range is wider than any private network is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RangeFault {
    NotARange,
    TooWide,
}

impl Range {
    pub(crate) fn contains(self, address: IpAddr) -> bool {
        match (self.base, address) {
            (IpAddr::V4(base), IpAddr::V4(address)) => {
                let shift = 32 - u32::from(self.bits);
                let head = |a: Ipv4Addr| a.to_bits().checked_shr(shift).unwrap_or(0);
                head(base) == head(address)
            }
            (IpAddr::V6(base), IpAddr::V6(address)) => {
                let shift = 128 - u32::from(self.bits);
                let head = |a: Ipv6Addr| a.to_bits().checked_shr(shift).unwrap_or(0);
                head(base) == head(address)
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }

    /// One address and no other.
    fn is_single(self) -> bool {
        self.bits == if self.base.is_ipv4() { 32 } else { 128 }
    }
}

impl FromStr for Range {
    type Err = RangeFault;

    fn from_str(text: &str) -> Result<Self, RangeFault> {
        let (base, bits) = text.split_once('/').map_or((text, None), |(a, b)| (a, Some(b)));
        let base: IpAddr = base.parse().map_err(|_| RangeFault::NotARange)?;
        let (most, least) = if base.is_ipv4() { (32, 8) } else { (128, 7) };
        let bits = bits.map_or(Ok(most), str::parse).map_err(|_| RangeFault::NotARange)?;
        if bits > most {
            return Err(RangeFault::NotARange);
        }
        // The widest private networks are 10.0.0.0/8 and fc00::/7.
        if bits < least { Err(RangeFault::TooWide) } else { Ok(Self { base, bits }) }
    }
}

/// Where an upstream may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reach {
    /// False for an upstream that would send its secret in clear over the public internet.
    pub(crate) public: bool,
    /// The private addresses that the config lists.
    pub(crate) private: Vec<Range>,
}

impl Reach {
    /// Whether a connection to `address` may be opened.
    pub(crate) fn admits(&self, address: IpAddr) -> bool {
        let place = place_of(address);
        let listed = |range: &Range| {
            range.contains(place) && (range.is_single() || !METADATA.contains(&place))
        };
        (self.public && is_public(place)) || self.private.iter().any(listed)
    }
}

/// Whether `address` is on the public internet.
pub(crate) fn is_public(address: IpAddr) -> bool {
    let place = place_of(address);
    let outside = place.is_ipv6() && !GLOBAL.contains(place);
    !outside && !METADATA.contains(&place) && !SPECIAL.iter().any(|range| range.contains(place))
}

/// The address that is meant: IPv4 may be dressed as IPv6.
fn place_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) if TRANSLATED.contains(IpAddr::V6(v6)) => {
            let [.., a, b, c, d] = v6.octets();
            IpAddr::V4(Ipv4Addr::new(a, b, c, d))
        }
        canonical => canonical,
    }
}

const fn v4([a, b, c, d]: [u8; 4], bits: u8) -> Range {
    Range { base: IpAddr::V4(Ipv4Addr::new(a, b, c, d)), bits }
}

const fn v6([a, b]: [u16; 2], bits: u8) -> Range {
    Range { base: IpAddr::V6(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0)), bits }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect(text)
    }

    fn reach(ranges: &[&str]) -> Reach {
        let private = ranges.iter().map(|range| range.parse().expect(range)).collect();
        Reach { public: true, private }
    }

    #[test]
    fn public_addresses_are_public() {
        for text in ["1.1.1.1", "93.184.216.34", "172.32.0.1", "2606:4700::1111", "2a00:1450::5"] {
            assert!(is_public(address(text)), "{text}");
        }
        // Behind a translator of IPv4.
        assert!(is_public(address("64:ff9b::1.1.1.1")));
    }

    #[test]
    fn no_private_address_in_any_dress_is_public() {
        for text in [
            "127.0.0.1",
            "127.8.8.8",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.1.1",
            "169.254.169.254",
            "169.254.170.2",
            "100.100.100.200",
            "100.64.0.1",
            "192.0.0.192",
            "198.18.0.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "::127.0.0.1",
            "64:ff9b::127.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2001:db8::1",
            "2001::7f00:1",
            "2002:7f00:1::",
            "100::1",
            "3fff::1",
        ] {
            assert!(!is_public(address(text)), "{text}");
            assert!(!reach(&[]).admits(address(text)), "{text}");
        }
    }

    #[test]
    fn what_is_listed_is_admitted_and_its_neighbour_is_not() {
        let reach = reach(&["127.0.0.1", "10.2.0.0/16", "fd12::/16"]);
        for text in ["127.0.0.1", "::ffff:127.0.0.1", "10.2.255.1", "fd12::5", "1.1.1.1"] {
            assert!(reach.admits(address(text)), "{text}");
        }
        for text in ["127.0.0.2", "10.3.0.1", "::1", "fd13::5", "192.168.0.1"] {
            assert!(!reach.admits(address(text)), "{text}");
        }
    }

    #[test]
    fn a_range_does_not_open_the_metadata_of_a_cloud() {
        let ranges = reach(&["169.254.0.0/16", "100.64.0.0/10", "fc00::/7"]);
        for text in
            ["169.254.169.254", "::ffff:169.254.169.254", "100.100.100.200", "fd00:ec2::254"]
        {
            assert!(!ranges.admits(address(text)), "{text}");
        }
        assert!(ranges.admits(address("169.254.1.1")));
        assert!(reach(&["169.254.169.254"]).admits(address("169.254.169.254")));
    }

    #[test]
    fn where_a_secret_would_go_in_clear_only_listed_addresses_are_admitted() {
        let reach = Reach { public: false, ..reach(&["10.0.0.5"]) };
        assert!(reach.admits(address("10.0.0.5")));
        assert!(!reach.admits(address("1.1.1.1")));
    }

    #[test]
    fn ranges_are_read_and_too_wide_ones_refused() {
        for text in ["10.0.0.0/8", "fc00::/7", "127.0.0.1", "::1"] {
            assert!(text.parse::<Range>().is_ok(), "{text}");
        }
        for text in ["0.0.0.0/0", "::/0", "10.0.0.0/7", "2000::/3"] {
            assert_eq!(text.parse::<Range>(), Err(RangeFault::TooWide), "{text}");
        }
        for text in ["", "localhost", "10.0.0.0/33", "10.0.0.0/x", "10.0.0", "::1/129", "*"] {
            assert_eq!(text.parse::<Range>(), Err(RangeFault::NotARange), "{text}");
        }
    }

    proptest! {
        #[test]
        fn ipv4_is_judged_alike_in_every_dress(bits: u32) {
            let v4 = Ipv4Addr::from_bits(bits);
            let expected = is_public(v4.into());
            prop_assert_eq!(is_public(v4.to_ipv6_mapped().into()), expected);
            let translated = Ipv6Addr::from_bits((0x64_ff9b_u128 << 96) | u128::from(bits));
            prop_assert_eq!(is_public(translated.into()), expected);
        }

        #[test]
        fn nothing_private_to_the_standard_library_is_public(bits: u32) {
            let v4 = Ipv4Addr::from_bits(bits);
            let special = v4.is_private() || v4.is_loopback() || v4.is_link_local()
                || v4.is_unspecified() || v4.is_multicast() || v4.is_broadcast()
                || v4.is_documentation();
            prop_assert!(!(special && is_public(v4.into())));
        }
    }
}
