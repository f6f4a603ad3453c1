// Constants from literals, and constants as gc prints them.
#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "types/constant.h"
#include "types/constant_impl.h"
#include "types/text.h"

namespace burrow::types {

using Impl = ConstantImpl;

namespace {

// A literal without underscores.
std::string withoutUnderscores(std::string_view s) {
  std::string out;
  out.reserve(s.size());
  for (char c : s)
    if (c != '_') out += c;
  return out;
}

// The base that a literal's prefix names, and the prefix's length. A bare leading zero is octal only for integers.
int baseOf(std::string_view s, bool leadingZeroIsOctal, size_t* prefix) {
  *prefix = 0;
  if (s.size() < 2 || s[0] != '0') return 10;
  *prefix = 2;
  switch (s[1]) {
    case 'x':
    case 'X': return 16;
    case 'o':
    case 'O': return 8;
    case 'b':
    case 'B': return 2;
    default: break;
  }
  *prefix = leadingZeroIsOctal ? 1 : 0;
  return leadingZeroIsOctal ? 8 : 10;
}

Constant parseIntBase(const std::string& digits, int base) {
  if (digits.empty()) return {};
  Int z;
  if (mpz_set_str(z.v, digits.c_str(), base) != 0) return {};
  return Impl::fromInt(z.v);
}

// Exponents beyond this cannot be held exactly in a rational of moderate size.
constexpr long kMaxExactExponent = 1300;

}  // namespace

Constant Constant::parseInt(std::string_view literal) {
  std::string s = withoutUnderscores(literal);
  size_t prefix = 0;
  int base = baseOf(s, true, &prefix);
  return parseIntBase(s.substr(prefix), base);
}

Constant Constant::parseFloat(std::string_view literal) {
  std::string s = withoutUnderscores(literal);
  size_t prefix = 0;
  int base = baseOf(s, false, &prefix);
  bool hex = base == 16;
  if (base != 10 && !hex) return {};
  // Mantissa digits without the point, and how many of them stand behind it.
  std::string digits;
  long fraction = 0;
  bool point = false;
  size_t i = prefix;
  for (; i < s.size(); i++) {
    char c = s[i];
    if (c == '.') {
      point = true;
    } else if (hex ? std::isxdigit(static_cast<unsigned char>(c)) : std::isdigit(static_cast<unsigned char>(c))) {
      digits += c;
      if (point) fraction++;
    } else {
      break;
    }
  }
  if (digits.empty()) return {};
  bool hugeExponent = false;
  long exponent = 0;
  if (i < s.size()) {
    char c = static_cast<char>(std::tolower(static_cast<unsigned char>(s[i])));
    if (c != (hex ? 'p' : 'e')) return {};
    const char* start = s.c_str() + i + 1;
    char* end = nullptr;
    exponent = std::strtol(start, &end, 10);
    if (end == start || *end != 0) return {};
    hugeExponent = exponent > (1L << 40) || exponent < -(1L << 40);
  }
  Int mantissa;
  if (mpz_set_str(mantissa.v, digits.c_str(), base) != 0) return {};
  bool underflow = hugeExponent && exponent < 0;
  if (mpz_sgn(mantissa.v) == 0 || underflow) {
    Rat zero;
    return Impl::fromRational(zero.v);
  }
  if (hugeExponent) return {};
  long scale = hex ? exponent - 4 * fraction : exponent - fraction;
  bool exact = hex ? std::labs(scale) < kRationalBits : std::labs(scale) < kMaxExactExponent;
  if (exact) {
    Rat q;
    Int power;
    if (hex) {
      mpz_setbit(power.v, static_cast<mp_bitcnt_t>(std::labs(scale)));
    } else {
      mpz_ui_pow_ui(power.v, 10, static_cast<unsigned long>(std::labs(scale)));
    }
    if (scale >= 0) {
      mpz_mul(mpq_numref(q.v), mantissa.v, power.v);
    } else {
      mpz_set(mpq_numref(q.v), mantissa.v);
      mpz_set(mpq_denref(q.v), power.v);
    }
    mpq_canonicalize(q.v);
    return Impl::fromRational(q.v);
  }
  BigFloat f;
  std::string text = hex ? s.substr(prefix) : s;
  char* end = nullptr;
  mpfr_strtofr(f.v, text.c_str(), &end, base, MPFR_RNDN);
  return Impl::fromFloat(f.v);
}

Constant Constant::parseImaginary(std::string_view literal) {
  if (literal.empty() || literal.back() != 'i') return {};
  literal.remove_suffix(1);
  std::string s = withoutUnderscores(literal);
  size_t prefix = 0;
  int base = baseOf(s, false, &prefix);
  bool isFloat = s.find('.') != std::string::npos ||
                 s.find_first_of(base == 16 ? "pP" : "eE") != std::string::npos;
  Constant im = isFloat ? parseFloat(literal) : parseIntBase(s.substr(prefix), base);
  return im.isKnown() ? ofComplex(ofInt(0), im) : Constant();
}

// --- Printing ----------------------------------------------------------------------------------------------------

namespace {

// "%.6g" of a value beyond the range of double.
std::string hugeFloat(mpfr_srcptr f) {
  long exponent = 0;
  // f = d * 2**exponent with 0.5 <= |d| < 1; decimal exponent by logarithms, as an approximation.
  double m = mpfr_get_d_2exp(&exponent, f, MPFR_RNDN);
  double d = static_cast<double>(exponent) * (M_LN2 / M_LN10);
  auto e = static_cast<int64_t>(d);
  m *= std::pow(10, d - static_cast<double>(e));
  double am = std::fabs(m);
  if (am < 1 - 0.5e-6) {
    m *= 10;
    e--;
  } else if (am >= 10) {
    m /= 10;
    e++;
  }
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%.6ge%+ld", m, static_cast<long>(e));
  return buffer;
}

// The shortest text that reads back as the same double, as Go's %g prints it.
std::string shortestDouble(double d) {
  char buffer[64];
  int precision = 1;
  for (; precision <= 17; precision++) {
    std::snprintf(buffer, sizeof buffer, "%.*e", precision - 1, d);
    if (std::strtod(buffer, nullptr) == d) break;
  }
  // With an exponent when it is below -4 or above 5, whatever the number of digits.
  int exponent = std::atoi(std::strchr(buffer, 'e') + 1);
  if (exponent < -4 || exponent >= 6) return buffer;
  std::snprintf(buffer, sizeof buffer, "%.*f", std::max(precision - 1 - exponent, 0), d);
  return buffer;
}

std::string floatText(const Constant& c) {
  BigFloat f;
  Impl::getFloat(c, f.v);
  double d = mpfr_get_d(f.v, MPFR_RNDN);
  if ((mpfr_zero_p(f.v) != 0) == (d == 0) && std::isfinite(d)) {
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%.6g", d);
    std::string s = buffer;
    if (mpfr_integer_p(f.v) == 0 && s.find('.') == std::string::npos) s = shortestDouble(d);
    return s;
  }
  return hugeFloat(f.v);
}

std::string bigText(mpz_srcptr z) {
  std::string s(mpz_sizeinbase(z, 10) + 2, '\0');
  mpz_get_str(s.data(), 10, z);
  s.resize(s.find('\0'));
  return s;
}

}  // namespace

std::string Constant::str() const {
  switch (Impl::form(*this)) {
    case Form::Bool: return bool_ ? "true" : "false";
    case Form::Small: return std::to_string(small_);
    case Form::Big: return bigText(payload_->big);
    case Form::Rational:
    case Form::Float: return floatText(*this);
    case Form::Complex: return "(" + payload_->re.str() + " + " + payload_->im.str() + "i)";
    case Form::String: {
      constexpr size_t kMaxRunes = 72;
      std::string s = quote(stringValue());
      if (countRunes(s) > kMaxRunes) s = std::string(firstRunes(s, kMaxRunes - 3)) + "...";
      return s;
    }
    default: return "unknown";
  }
}

std::string Constant::exactStr() const {
  switch (Impl::form(*this)) {
    case Form::Rational: {
      std::string s = bigText(mpq_numref(payload_->rational));
      if (mpz_cmp_ui(mpq_denref(payload_->rational), 1) != 0) s += "/" + bigText(mpq_denref(payload_->rational));
      return s;
    }
    case Form::Complex: return "(" + payload_->re.exactStr() + " + " + payload_->im.exactStr() + "i)";
    case Form::String: return quote(stringValue());
    default: return str();
  }
}

}  // namespace burrow::types
