//! Reads the worker's messages: JSON texts into the protocol's types, by way of the browser's own parser.
//!
//! `serde_json` does the same for every type there is, and costs a quarter of the screens'
//! code. This reader knows what the protocol has: structs field by field in their order, enums tagged
//! externally, no floating point. What is missing or of another type is an error, never a panic.

use std::fmt;

use serde::de::{
    self, DeserializeOwned, DeserializeSeed, EnumAccess, Expected, IntoDeserializer, SeqAccess,
    Unexpected, VariantAccess, Visitor,
};
use wasm_bindgen::{JsCast, JsValue};

/// Why a message can't be read.
#[derive(Debug)]
pub struct Unreadable(String);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unreadable {}

/// The defaults of these would bring the formatting of floating point along.
impl de::Error for Unreadable {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }

    fn invalid_type(_: Unexpected, expected: &dyn Expected) -> Self {
        Self(format!("another type where {expected} was expected"))
    }

    fn invalid_value(_: Unexpected, expected: &dyn Expected) -> Self {
        Self(format!("another value where {expected} was expected"))
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        Self(format!("{length} values where {expected} was expected"))
    }
}

/// Reads a message.
///
/// # Errors
/// What was found where something else was expected.
pub fn read<T: DeserializeOwned>(message: &JsValue) -> Result<T, Unreadable> {
    let text = message.as_string().ok_or_else(|| Reader::expected("a JSON text"))?;
    let tree = js_sys::JSON::parse(&text);
    T::deserialize(Reader(tree.map_err(|thrown| Unreadable(crate::dom::words(&thrown)))?))
}

struct Reader(JsValue);

impl Reader {
    fn expected(what: &str) -> Unreadable {
        Unreadable(format!("another type where {what} was expected"))
    }

    #[expect(clippy::cast_possible_truncation, reason = "the range of whole doubles was checked")]
    fn integer(&self) -> Result<i64, Unreadable> {
        /// Doubles are whole and exact up to here, and the protocol has no greater numbers.
        const MOST: f64 = 9_007_199_254_740_991.0;
        match self.0.as_f64() {
            Some(number) if number.abs() <= MOST && number.fract().abs() < f64::EPSILON => {
                Ok(number as i64)
            }
            _ => Err(Self::expected("a whole number")),
        }
    }

    fn text(&self) -> Result<String, Unreadable> {
        self.0.as_string().ok_or_else(|| Self::expected("a text"))
    }

    fn items(&self) -> Result<Items, Unreadable> {
        let array = self.0.dyn_ref::<js_sys::Array>().ok_or_else(|| Self::expected("a list"))?;
        Ok(Items { items: array.iter().collect::<Vec<_>>().into_iter() })
    }
}

/// Values one after the other: a list's items, or a struct's fields in their order.
struct Items {
    items: std::vec::IntoIter<JsValue>,
}

impl Items {
    fn fields(of: &JsValue, names: &[&str]) -> Self {
        let fields: Vec<JsValue> = names.iter().map(|name| crate::dom::field(of, name)).collect();
        Self { items: fields.into_iter() }
    }
}

impl<'de> SeqAccess<'de> for Items {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Unreadable> {
        self.items.next().map(|item| seed.deserialize(Reader(item))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

macro_rules! integers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
            visitor.visit_i64(self.integer()?)
        }
    )*};
}

macro_rules! not_in_the_protocol {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Unreadable> {
            Err(Unreadable(concat!(stringify!($method), " is not in the protocol").to_owned()))
        }
    )*};
}

impl<'de> de::Deserializer<'de> for Reader {
    type Error = Unreadable;

    integers! {
        deserialize_i8 deserialize_i16 deserialize_i32
        deserialize_i64 deserialize_u8 deserialize_u16
        deserialize_u32 deserialize_u64
    }

    not_in_the_protocol! {
        deserialize_any deserialize_i128 deserialize_u128 deserialize_f32 deserialize_f64
        deserialize_char deserialize_bytes deserialize_byte_buf deserialize_map
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_bool(self.0.as_bool().ok_or_else(|| Self::expected("true or false"))?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_string(self.text()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_string(self.text()?)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_string(self.text()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.0.is_null() || self.0.is_undefined() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_unit()
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_seq(self.items()?)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_seq(self.items()?)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_seq(self.items()?)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_seq(Items::fields(&self.0, fields))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        if let Some(variant) = self.0.as_string() {
            return visitor.visit_enum(Variant { name: variant, content: JsValue::UNDEFINED });
        }
        let object =
            self.0.dyn_ref::<js_sys::Object>().ok_or_else(|| Self::expected("a variant"))?;
        let name = js_sys::Object::keys(object).get(0);
        let name = name.as_string().ok_or_else(|| Self::expected("a variant"))?;
        let content = crate::dom::field(&self.0, &name);
        visitor.visit_enum(Variant { name, content })
    }
}

/// A variant's name, and what it holds.
struct Variant {
    name: String,
    content: JsValue,
}

impl<'de> EnumAccess<'de> for Variant {
    type Error = Unreadable;
    type Variant = Reader;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Reader), Unreadable> {
        let name = seed.deserialize(self.name.into_deserializer())?;
        Ok((name, Reader(self.content)))
    }
}

impl<'de> VariantAccess<'de> for Reader {
    type Error = Unreadable;

    fn unit_variant(self) -> Result<(), Unreadable> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<T::Value, Unreadable> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_seq(self.items()?)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_seq(Items::fields(&self.0, fields))
    }
}
