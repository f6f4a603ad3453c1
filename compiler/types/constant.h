// Exact values of constant expressions.
//
// A `Constant` is an immutable value of 16 bytes: a kind and either the value itself (booleans, integers that fit 64
// bits) or a counted reference to a larger one. Integers are exact without limit (GMP; the checker complains beyond 512
// bits). Numbers with a fraction are exact rationals while numerator and denominator stay small, else binary floating
// point of 512 bits mantissa (MPFR); that is what gc does, and programs can tell the difference.
//
// The kind of a value is the smallest that holds it exactly as far as Go's rules let it: operations bring both operands
// to the larger kind first. Kinds say nothing about Go types: the untyped constant 2.0 may be held as Int.
//
// `Unknown` is the value of a constant expression that has an error; every operation with it yields Unknown.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace burrow::types {

enum class BasicKind : uint8_t;

// Operators on constants, named apart from tokens so that this file depends on nothing.
enum class ConstOp : uint8_t {
  Add, Sub, Mul, Quo /* exact */, IntQuo /* truncated */, Rem, And, Or, Xor, AndNot, Shl, Shr,
  LogicalAnd, LogicalOr, Not, Eq, Ne, Lt, Le, Gt, Ge,
};

class Constant {
 public:
  enum class Kind : uint8_t { Unknown, Bool, String, Int, Float, Complex };

  Constant() = default;
  Constant(const Constant& o);
  Constant(Constant&& o) noexcept;
  Constant& operator=(const Constant& o);
  Constant& operator=(Constant&& o) noexcept;
  ~Constant();

  static Constant ofBool(bool v);
  static Constant ofInt(int64_t v);
  static Constant ofUint(uint64_t v);
  static Constant ofString(std::string v);
  static Constant ofDouble(double v);  // finite
  static Constant ofComplex(const Constant& re, const Constant& im);
  // Values of literals as the scanner delivers them (prefixes, underscores, exponents). Unknown when malformed or when
  // the exponent is beyond reason.
  static Constant parseInt(std::string_view literal);
  static Constant parseFloat(std::string_view literal);
  static Constant parseImaginary(std::string_view literal);

  Kind kind() const { return kind_; }
  bool isKnown() const { return kind_ != Kind::Unknown; }
  bool isNumeric() const { return kind_ >= Kind::Int; }

  // --- reading; the kind must fit ---
  bool boolValue() const;                      // Bool
  const std::string& stringValue() const;      // String
  size_t stringLength() const;                 // String: bytes, without putting a concatenation together
  bool int64Value(int64_t* out) const;         // Int: false when it does not fit
  bool uint64Value(uint64_t* out) const;       // Int: false when it does not fit
  double doubleValue() const;                  // Int, Float: nearest; infinite when too large
  float floatValue() const;                    // Int, Float: nearest (rounded once)
  Constant real() const;                       // numeric
  Constant imag() const;                       // numeric
  int sign() const;                            // Int, Float: -1, 0, 1; Complex: 0 only for zero
  size_t bitLength() const;                    // Int: of the absolute value
  // Two's complement bytes of an Int, little endian, as many as `size`.
  void toBytes(uint8_t* out, size_t size) const;

  // --- conversion between kinds: Unknown when the value cannot be represented ---
  Constant toInt() const;      // also from Float or Complex with an integral value
  Constant toFloat() const;
  Constant toComplex() const;

  // --- text ---
  std::string str() const;        // short form as gc prints it in messages: long strings cut, floats with 6 digits
  std::string exactStr() const;   // exact form: rationals as a/b

  friend struct ConstantImpl;

 private:
  struct Payload;  // counted; big integer, rational, big float, complex or string
  Kind kind_ = Kind::Unknown;
  uint8_t form_ = 0;  // which member of the union, and which payload
  union {
    bool bool_;
    int64_t small_ = 0;
    Payload* payload_;
  };
};

// x op y for arithmetic, bit and logical operators; both of matching types per Go's rules (kinds may differ among
// numbers). Division by zero must have been excluded.
Constant constBinary(const Constant& x, ConstOp op, const Constant& y);
// x << s, x >> s for an Int x.
Constant constShift(const Constant& x, ConstOp op, uint64_t s);
// op x for Add (identity), Sub, Xor, Not. For Xor of an unsigned type, `unsignedBits` is the type's size, else 0.
Constant constUnary(ConstOp op, const Constant& x, unsigned unsignedBits);
bool constCompare(const Constant& x, ConstOp op, const Constant& y);

// Whether x can be a value of the basic type `kind` (sizes as on amd64; untyped kinds ask for the right sort of value).
// If `rounded` is not null it receives x as that type has it (floats rounded, integral floats as Int).
bool constRepresentable(const Constant& x, BasicKind kind, Constant* rounded);

}  // namespace burrow::types
