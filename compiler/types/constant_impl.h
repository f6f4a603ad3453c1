// The inside of Constant: payloads and the forms that a value can have. For constant*.cpp only.
#pragma once

#include <gmp.h>
#include <mpfr.h>

#include <string>

#include "types/constant.h"

namespace burrow::types {

// Binary floating point constants have this many mantissa bits, as gc's.
inline constexpr mpfr_prec_t kFloatBits = 512;
// Numbers whose exponent (or numerator and denominator) is below this many bits are kept as exact rationals.
inline constexpr long kRationalBits = 4096;

// Widens MPFR's exponent range (a setting per thread, too narrow at first) so that only gc's limits count.
void initFloats();

// How the value is stored. The order of the numeric forms is the order of promotion.
enum class Form : uint8_t { None, Bool, String, Small, Big, Rational, Float, Complex };

// One allocation, shared by all copies of a constant. Exactly one member is in use, by the form of the constant.
struct Constant::Payload {
  std::atomic<uint32_t> refs{1};
  Form form;

  mpz_t big;
  mpq_t rational;
  mpfr_t real;
  Constant re, im;  // complex; of a string: left and right halves of a concatenation that is not carried out yet
  std::string text;
  bool rope = false;
  size_t length = 0;  // of a string

  explicit Payload(Form f);
  ~Payload();
};

struct ConstantImpl {
  using Kind = Constant::Kind;
  using Payload = Constant::Payload;

  static Form form(const Constant& c) { return static_cast<Form>(c.form_); }
  static Payload* payload(const Constant& c) { return c.payload_; }
  static int64_t small(const Constant& c) { return c.small_; }
  static Constant wrap(Payload* p, Kind kind) {
    Constant c;
    c.kind_ = kind;
    c.form_ = static_cast<uint8_t>(p->form);
    c.payload_ = p;
    return c;
  }
  static bool hasPayload(const Constant& c) {
    Form f = form(c);
    return f == Form::String || f >= Form::Big;
  }
  // Results, brought to their smallest form. `z`, `q` and `f` are copied.
  static Constant fromInt(mpz_srcptr z);
  static Constant fromRational(mpq_srcptr q);
  static Constant fromFloat(mpfr_srcptr f);
  // The value in a larger form. `out` must be initialised.
  static void getInt(const Constant& c, mpz_ptr out);
  static void getRational(const Constant& c, mpq_ptr out);
  static void getFloat(const Constant& c, mpfr_ptr out);
  static Constant concat(const Constant& x, const Constant& y);
};

// Scoped GMP and MPFR values.
struct Int {
  mpz_t v;
  Int() { mpz_init(v); }
  ~Int() { mpz_clear(v); }
  Int(const Int&) = delete;
};
struct Rat {
  mpq_t v;
  Rat() { mpq_init(v); }
  ~Rat() { mpq_clear(v); }
  Rat(const Rat&) = delete;
};
struct BigFloat {
  mpfr_t v;
  explicit BigFloat(mpfr_prec_t bits = kFloatBits) {
    initFloats();
    mpfr_init2(v, bits);
  }
  ~BigFloat() { mpfr_clear(v); }
  BigFloat(const BigFloat&) = delete;
};

}  // namespace burrow::types
