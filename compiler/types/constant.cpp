// Constants: storage, conversion between kinds, operations.
//
// Every operation brings both operands to one form first: 64-bit integer, big integer, rational, binary float, complex,
// in this order. Results go back to the smallest form within their kind, except that a binary float stays one: it has
// been rounded, and a rational would pretend that it was not.
#include "types/constant.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <mutex>
#include <vector>

#include "types/constant_impl.h"
#include "types/types.h"

namespace burrow::types {

using Impl = ConstantImpl;
using Kind = Constant::Kind;

void initFloats() {
  thread_local bool done = [] {
    mpfr_set_emin(mpfr_get_emin_min());
    mpfr_set_emax(mpfr_get_emax_max());
    return true;
  }();
  static_cast<void>(done);
}

Constant::Payload::Payload(Form f) : form(f) {
  if (f == Form::Big) mpz_init(big);
  if (f == Form::Rational) mpq_init(rational);
  if (f == Form::Float) {
    initFloats();
    mpfr_init2(real, kFloatBits);
  }
}

Constant::Payload::~Payload() {
  if (form == Form::Big) mpz_clear(big);
  if (form == Form::Rational) mpq_clear(rational);
  if (form == Form::Float) mpfr_clear(real);
}

Constant::Constant(const Constant& o) : kind_(o.kind_), form_(o.form_) {
  small_ = o.small_;
  if (Impl::hasPayload(*this)) payload_->refs.fetch_add(1, std::memory_order_relaxed);
}

Constant::Constant(Constant&& o) noexcept : kind_(o.kind_), form_(o.form_) {
  small_ = o.small_;
  o.kind_ = Kind::Unknown;
  o.form_ = 0;
}

Constant& Constant::operator=(const Constant& o) {
  if (this != &o) {
    Constant copy(o);
    *this = std::move(copy);
  }
  return *this;
}

Constant& Constant::operator=(Constant&& o) noexcept {
  std::swap(kind_, o.kind_);
  std::swap(form_, o.form_);
  std::swap(small_, o.small_);
  return *this;
}

Constant::~Constant() {
  if (!Impl::hasPayload(*this)) return;
  if (payload_->refs.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  if (!payload_->rope) {
    delete payload_;
    return;
  }
  // Concatenations lean left and can be thousands deep: take them apart without recursion.
  std::vector<Payload*> work{payload_};
  while (!work.empty()) {
    Payload* p = work.back();
    work.pop_back();
    for (Constant* half : {&p->re, &p->im}) {
      if (!Impl::hasPayload(*half)) continue;
      Payload* q = half->payload_;
      half->kind_ = Kind::Unknown;
      half->form_ = 0;
      if (q->refs.fetch_sub(1, std::memory_order_acq_rel) == 1) work.push_back(q);
    }
    delete p;
  }
}

// --- Making ------------------------------------------------------------------------------------------------------

Constant Constant::ofBool(bool v) {
  Constant c;
  c.kind_ = Kind::Bool;
  c.form_ = static_cast<uint8_t>(Form::Bool);
  c.small_ = 0;
  c.bool_ = v;
  return c;
}

Constant Constant::ofInt(int64_t v) {
  Constant c;
  c.kind_ = Kind::Int;
  c.form_ = static_cast<uint8_t>(Form::Small);
  c.small_ = v;
  return c;
}

Constant Constant::ofUint(uint64_t v) {
  if (v <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) return ofInt(static_cast<int64_t>(v));
  Int z;
  mpz_set_ui(z.v, v);
  return Impl::fromInt(z.v);
}

Constant Constant::ofString(std::string v) {
  auto* p = new Payload(Form::String);
  p->length = v.size();
  p->text = std::move(v);
  return Impl::wrap(p, Kind::String);
}

Constant Constant::ofDouble(double v) {
  if (!std::isfinite(v)) return {};
  int exponent = 0;
  std::frexp(v, &exponent);
  if (exponent > -kRationalBits && exponent < kRationalBits) {
    Rat q;
    mpq_set_d(q.v, v);
    return Impl::fromRational(q.v);
  }
  BigFloat f;
  mpfr_set_d(f.v, v, MPFR_RNDN);
  return Impl::fromFloat(f.v);
}

Constant Constant::ofComplex(const Constant& re, const Constant& im) {
  if (!re.isKnown() || !im.isKnown()) return {};
  auto* p = new Payload(Form::Complex);
  p->re = re;
  p->im = im;
  return Impl::wrap(p, Kind::Complex);
}

Constant ConstantImpl::fromInt(mpz_srcptr z) {
  if (mpz_fits_slong_p(z)) return Constant::ofInt(mpz_get_si(z));
  auto* p = new Payload(Form::Big);
  mpz_set(p->big, z);
  return wrap(p, Kind::Int);
}

Constant ConstantImpl::fromRational(mpq_srcptr q) {
  if (mpz_sizeinbase(mpq_numref(q), 2) < kRationalBits && mpz_sizeinbase(mpq_denref(q), 2) < kRationalBits) {
    auto* p = new Payload(Form::Rational);
    mpq_set(p->rational, q);
    return wrap(p, Kind::Float);
  }
  BigFloat f;
  mpfr_set_q(f.v, q, MPFR_RNDN);
  return fromFloat(f.v);
}

Constant ConstantImpl::fromFloat(mpfr_srcptr f) {
  if (mpfr_nan_p(f) || mpfr_inf_p(f)) return {};
  bool zero = mpfr_zero_p(f) != 0;
  if (!zero) {
    mpfr_exp_t e = mpfr_get_exp(f);
    if (e > std::numeric_limits<int32_t>::max()) return {};
    zero = e < std::numeric_limits<int32_t>::min();
  }
  if (zero) {
    auto* p = new Payload(Form::Rational);
    return wrap(p, Kind::Float);
  }
  auto* p = new Payload(Form::Float);
  mpfr_set(p->real, f, MPFR_RNDN);
  return wrap(p, Kind::Float);
}

Constant ConstantImpl::concat(const Constant& x, const Constant& y) {
  constexpr size_t kCopyMax = 256;  // shorter results are concatenated at once
  size_t length = x.payload_->length + y.payload_->length;
  if (length <= kCopyMax) return Constant::ofString(x.stringValue() + y.stringValue());
  auto* p = new Payload(Form::String);
  p->rope = true;
  p->length = length;
  p->re = x;
  p->im = y;
  return wrap(p, Kind::String);
}

// --- Reading -----------------------------------------------------------------------------------------------------

bool Constant::boolValue() const { return kind_ == Kind::Bool && bool_; }

const std::string& Constant::stringValue() const {
  static const std::string empty;
  if (kind_ != Kind::String) return empty;
  static std::mutex mutex;  // constants may be read by several threads, and this one is a hidden write
  std::lock_guard<std::mutex> lock(mutex);
  if (payload_->rope) {
    std::string text;
    text.reserve(payload_->length);
    std::vector<const Payload*> work{payload_};
    while (!work.empty()) {
      const Payload* p = work.back();
      work.pop_back();
      if (!p->rope) {
        text += p->text;
        continue;
      }
      work.push_back(p->im.payload_);
      work.push_back(p->re.payload_);
    }
    payload_->text = std::move(text);
    payload_->rope = false;
    // The halves stay alive in re and im until this string goes; releasing them here could recurse deeply.
    payload_->rope = false;
  }
  return payload_->text;
}

size_t Constant::stringLength() const { return kind_ == Kind::String ? payload_->length : 0; }

bool Constant::int64Value(int64_t* out) const {
  if (Impl::form(*this) != Form::Small) return false;
  *out = small_;
  return true;
}

bool Constant::uint64Value(uint64_t* out) const {
  if (Impl::form(*this) == Form::Small) {
    *out = static_cast<uint64_t>(small_);
    return small_ >= 0;
  }
  if (Impl::form(*this) != Form::Big || !mpz_fits_ulong_p(payload_->big)) return false;
  *out = mpz_get_ui(payload_->big);
  return true;
}

void ConstantImpl::getInt(const Constant& c, mpz_ptr out) {
  if (form(c) == Form::Small) {
    mpz_set_si(out, c.small_);
  } else if (form(c) == Form::Big) {
    mpz_set(out, c.payload_->big);
  }
}

void ConstantImpl::getRational(const Constant& c, mpq_ptr out) {
  if (form(c) == Form::Small) {
    mpq_set_si(out, c.small_, 1);
  } else if (form(c) == Form::Big) {
    mpq_set_z(out, c.payload_->big);
  } else if (form(c) == Form::Rational) {
    mpq_set(out, c.payload_->rational);
  }
}

void ConstantImpl::getFloat(const Constant& c, mpfr_ptr out) {
  switch (form(c)) {
    case Form::Small: mpfr_set_si(out, c.small_, MPFR_RNDN); break;
    case Form::Big: mpfr_set_z(out, c.payload_->big, MPFR_RNDN); break;
    case Form::Rational: mpfr_set_q(out, c.payload_->rational, MPFR_RNDN); break;
    case Form::Float: mpfr_set(out, c.payload_->real, MPFR_RNDN); break;
    default: mpfr_set_zero(out, 1);
  }
}

// Wide enough that rounding to a double afterwards rounds the exact value, but for rationals made for the purpose.
static constexpr mpfr_prec_t kWideBits = 2 * kFloatBits;

double Constant::doubleValue() const {
  if (Impl::form(*this) == Form::Small) return static_cast<double>(small_);
  BigFloat f(kWideBits);
  Impl::getFloat(*this, f.v);
  return mpfr_get_d(f.v, MPFR_RNDN);
}

float Constant::floatValue() const {
  if (Impl::form(*this) == Form::Small) return static_cast<float>(small_);
  BigFloat f(kWideBits);
  Impl::getFloat(*this, f.v);
  return mpfr_get_flt(f.v, MPFR_RNDN);
}

Constant Constant::real() const {
  if (kind_ == Kind::Complex) return payload_->re;
  return isNumeric() ? *this : Constant();
}

Constant Constant::imag() const {
  if (kind_ == Kind::Complex) return payload_->im;
  return isNumeric() ? ofInt(0) : Constant();
}

int Constant::sign() const {
  switch (Impl::form(*this)) {
    case Form::Small: return (small_ > 0) - (small_ < 0);
    case Form::Big: return mpz_sgn(payload_->big);
    case Form::Rational: return mpq_sgn(payload_->rational);
    case Form::Float: return mpfr_sgn(payload_->real);
    case Form::Complex: return payload_->re.sign() | payload_->im.sign();
    default: return 1;
  }
}

size_t Constant::bitLength() const {
  if (Impl::form(*this) == Form::Small) {
    uint64_t u = small_ < 0 ? 0 - static_cast<uint64_t>(small_) : static_cast<uint64_t>(small_);
    return u == 0 ? 0 : 64 - static_cast<size_t>(__builtin_clzll(u));
  }
  return Impl::form(*this) == Form::Big ? mpz_sizeinbase(payload_->big, 2) : 0;
}

void Constant::toBytes(uint8_t* out, size_t size) const {
  Int z, modulus;
  Impl::getInt(*this, z.v);
  mpz_setbit(modulus.v, size * 8);
  mpz_fdiv_r(z.v, z.v, modulus.v);
  std::memset(out, 0, size);
  size_t count = 0;
  mpz_export(out, &count, -1, 1, 0, 0, z.v);
}

// --- Conversion --------------------------------------------------------------------------------------------------

// A float that missed an integer only by its last bits counts as that integer: earlier rounding explains the rest.
static constexpr mpfr_prec_t kSlackBits = 4;

Constant Constant::toInt() const {
  switch (Impl::form(*this)) {
    case Form::Small:
    case Form::Big: return *this;
    case Form::Rational:
      if (mpz_cmp_ui(mpq_denref(payload_->rational), 1) == 0) return Impl::fromInt(mpq_numref(payload_->rational));
      return {};
    case Form::Float: {
      mpfr_exp_t e = mpfr_get_exp(payload_->real);
      if (e <= -kRationalBits || e >= kRationalBits) return {};  // no huge integers
      Int z;
      if (mpfr_integer_p(payload_->real)) {
        mpfr_get_z(z.v, payload_->real, MPFR_RNDN);
        return Impl::fromInt(z.v);
      }
      BigFloat rounded(kFloatBits - kSlackBits);
      for (mpfr_rnd_t mode : {MPFR_RNDD, MPFR_RNDU}) {
        mpfr_set(rounded.v, payload_->real, mode);
        if (mpfr_integer_p(rounded.v)) {
          mpfr_get_z(z.v, rounded.v, MPFR_RNDN);
          return Impl::fromInt(z.v);
        }
      }
      return {};
    }
    case Form::Complex: {
      Constant re = toFloat();
      return re.isKnown() ? re.toInt() : Constant();
    }
    default: return {};
  }
}

Constant Constant::toFloat() const {
  switch (Impl::form(*this)) {
    case Form::Small:
    case Form::Big: {
      Rat q;
      Impl::getRational(*this, q.v);
      return Impl::fromRational(q.v);
    }
    case Form::Rational:
    case Form::Float: return *this;
    case Form::Complex: return payload_->im.sign() == 0 ? payload_->re.toFloat() : Constant();
    default: return {};
  }
}

Constant Constant::toComplex() const {
  if (kind_ == Kind::Complex || kind_ == Kind::Unknown) return *this;
  return isNumeric() ? ofComplex(*this, ofInt(0)) : Constant();
}

// --- Operations --------------------------------------------------------------------------------------------------

static Constant binarySmall(int64_t a, ConstOp op, int64_t b, bool* done) {
  int64_t r = 0;
  *done = true;
  switch (op) {
    case ConstOp::Add:
      if (!__builtin_add_overflow(a, b, &r)) return Constant::ofInt(r);
      break;
    case ConstOp::Sub:
      if (!__builtin_sub_overflow(a, b, &r)) return Constant::ofInt(r);
      break;
    case ConstOp::Mul:
      if (!__builtin_mul_overflow(a, b, &r)) return Constant::ofInt(r);
      break;
    case ConstOp::IntQuo:
      if (!(a == std::numeric_limits<int64_t>::min() && b == -1)) return Constant::ofInt(a / b);
      break;
    case ConstOp::Rem: return Constant::ofInt(b == -1 ? 0 : a % b);
    case ConstOp::And: return Constant::ofInt(a & b);
    case ConstOp::Or: return Constant::ofInt(a | b);
    case ConstOp::Xor: return Constant::ofInt(a ^ b);
    case ConstOp::AndNot: return Constant::ofInt(a & ~b);
    default: break;
  }
  *done = false;
  return {};
}

static Constant binaryInt(mpz_ptr a, ConstOp op, mpz_ptr b) {
  Int r;
  switch (op) {
    case ConstOp::Add: mpz_add(r.v, a, b); break;
    case ConstOp::Sub: mpz_sub(r.v, a, b); break;
    case ConstOp::Mul: mpz_mul(r.v, a, b); break;
    case ConstOp::IntQuo: mpz_tdiv_q(r.v, a, b); break;
    case ConstOp::Rem: mpz_tdiv_r(r.v, a, b); break;
    case ConstOp::And: mpz_and(r.v, a, b); break;
    case ConstOp::Or: mpz_ior(r.v, a, b); break;
    case ConstOp::Xor: mpz_xor(r.v, a, b); break;
    case ConstOp::AndNot:
      mpz_com(r.v, b);
      mpz_and(r.v, a, r.v);
      break;
    default: return {};
  }
  return Impl::fromInt(r.v);
}

static Constant binaryRational(mpq_ptr a, ConstOp op, mpq_ptr b) {
  Rat r;
  switch (op) {
    case ConstOp::Add: mpq_add(r.v, a, b); break;
    case ConstOp::Sub: mpq_sub(r.v, a, b); break;
    case ConstOp::Mul: mpq_mul(r.v, a, b); break;
    case ConstOp::Quo:
    case ConstOp::IntQuo: mpq_div(r.v, a, b); break;
    default: return {};
  }
  return Impl::fromRational(r.v);
}

static Constant binaryFloat(mpfr_ptr a, ConstOp op, mpfr_ptr b) {
  BigFloat r;
  switch (op) {
    case ConstOp::Add: mpfr_add(r.v, a, b, MPFR_RNDN); break;
    case ConstOp::Sub: mpfr_sub(r.v, a, b, MPFR_RNDN); break;
    case ConstOp::Mul: mpfr_mul(r.v, a, b, MPFR_RNDN); break;
    case ConstOp::Quo:
    case ConstOp::IntQuo: mpfr_div(r.v, a, b, MPFR_RNDN); break;
    default: return {};
  }
  return Impl::fromFloat(r.v);
}

static Constant binaryComplex(const Constant& x, ConstOp op, const Constant& y) {
  auto bin = [](const Constant& p, ConstOp o, const Constant& q) { return constBinary(p, o, q); };
  Constant a = x.real(), b = x.imag(), c = y.real(), d = y.imag();
  switch (op) {
    case ConstOp::Add:
    case ConstOp::Sub: return Constant::ofComplex(bin(a, op, c), bin(b, op, d));
    case ConstOp::Mul:  // (a+bi)(c+di) = (ac-bd) + (bc+ad)i
      return Constant::ofComplex(bin(bin(a, op, c), ConstOp::Sub, bin(b, op, d)),
                                 bin(bin(b, op, c), ConstOp::Add, bin(a, op, d)));
    case ConstOp::Quo:
    case ConstOp::IntQuo: {  // (ac+bd)/s + (bc-ad)/s i with s = cc+dd
      auto mul = [&](const Constant& p, const Constant& q) { return bin(p, ConstOp::Mul, q); };
      Constant s = bin(mul(c, c), ConstOp::Add, mul(d, d));
      return Constant::ofComplex(bin(bin(mul(a, c), ConstOp::Add, mul(b, d)), ConstOp::Quo, s),
                                 bin(bin(mul(b, c), ConstOp::Sub, mul(a, d)), ConstOp::Quo, s));
    }
    default: return {};
  }
}

Constant constBinary(const Constant& x, ConstOp op, const Constant& y) {
  if (!x.isKnown() || !y.isKnown()) return {};
  if (x.kind() == Kind::Bool && y.kind() == Kind::Bool) {
    if (op == ConstOp::LogicalAnd) return Constant::ofBool(x.boolValue() && y.boolValue());
    if (op == ConstOp::LogicalOr) return Constant::ofBool(x.boolValue() || y.boolValue());
    return {};
  }
  if (x.kind() == Kind::String && y.kind() == Kind::String) {
    return op == ConstOp::Add ? Impl::concat(x, y) : Constant();
  }
  if (!x.isNumeric() || !y.isNumeric()) return {};
  bool divides = op == ConstOp::Quo || op == ConstOp::IntQuo || op == ConstOp::Rem;
  if (divides && y.sign() == 0) return {};
  Form form = std::max(Impl::form(x), Impl::form(y));
  if (form == Form::Small) {
    bool done = false;
    Constant r = binarySmall(Impl::small(x), op, Impl::small(y), &done);
    if (done) return r;
    form = Form::Big;
  }
  if (form == Form::Big && op == ConstOp::Quo) form = Form::Rational;
  switch (form) {
    case Form::Big: {
      Int a, b;
      Impl::getInt(x, a.v);
      Impl::getInt(y, b.v);
      return binaryInt(a.v, op, b.v);
    }
    case Form::Rational: {
      Rat a, b;
      Impl::getRational(x, a.v);
      Impl::getRational(y, b.v);
      return binaryRational(a.v, op, b.v);
    }
    case Form::Float: {
      BigFloat a, b;
      Impl::getFloat(x, a.v);
      Impl::getFloat(y, b.v);
      return binaryFloat(a.v, op, b.v);
    }
    default: return binaryComplex(x, op, y);
  }
}

Constant constShift(const Constant& x, ConstOp op, uint64_t s) {
  if (x.kind() != Kind::Int) return {};
  Int z;
  Impl::getInt(x, z.v);
  if (op == ConstOp::Shl) {
    mpz_mul_2exp(z.v, z.v, s);
  } else {
    mpz_fdiv_q_2exp(z.v, z.v, s);
  }
  return Impl::fromInt(z.v);
}

Constant constUnary(ConstOp op, const Constant& x, unsigned unsignedBits) {
  switch (op) {
    case ConstOp::Add: return x.isNumeric() ? x : Constant();
    case ConstOp::Sub:
      switch (Impl::form(x)) {
        case Form::Small:
        case Form::Big: {
          Int z;
          Impl::getInt(x, z.v);
          mpz_neg(z.v, z.v);
          return Impl::fromInt(z.v);
        }
        case Form::Rational: {
          Rat q;
          Impl::getRational(x, q.v);
          mpq_neg(q.v, q.v);
          return Impl::fromRational(q.v);
        }
        case Form::Float: {
          BigFloat f;
          Impl::getFloat(x, f.v);
          mpfr_neg(f.v, f.v, MPFR_RNDN);
          return Impl::fromFloat(f.v);
        }
        case Form::Complex:
          return Constant::ofComplex(constUnary(op, x.real(), 0), constUnary(op, x.imag(), 0));
        default: return {};
      }
    case ConstOp::Xor: {
      if (x.kind() != Kind::Int) return {};
      Int z;
      Impl::getInt(x, z.v);
      mpz_com(z.v, z.v);
      if (unsignedBits != 0) mpz_fdiv_r_2exp(z.v, z.v, unsignedBits);
      return Impl::fromInt(z.v);
    }
    case ConstOp::Not: return x.kind() == Kind::Bool ? Constant::ofBool(!x.boolValue()) : Constant();
    default: return {};
  }
}

static bool ordered(int cmp, ConstOp op) {
  switch (op) {
    case ConstOp::Eq: return cmp == 0;
    case ConstOp::Ne: return cmp != 0;
    case ConstOp::Lt: return cmp < 0;
    case ConstOp::Le: return cmp <= 0;
    case ConstOp::Gt: return cmp > 0;
    case ConstOp::Ge: return cmp >= 0;
    default: return false;
  }
}

bool constCompare(const Constant& x, ConstOp op, const Constant& y) {
  if (!x.isKnown() || !y.isKnown()) return false;
  if (x.kind() == Kind::Bool) return ordered(x.boolValue() == y.boolValue() ? 0 : 1, op);
  if (x.kind() == Kind::String) return ordered(x.stringValue().compare(y.stringValue()), op);
  Form form = std::max(Impl::form(x), Impl::form(y));
  switch (form) {
    case Form::Small: {
      int64_t a = Impl::small(x), b = Impl::small(y);
      return ordered((a > b) - (a < b), op);
    }
    case Form::Big: {
      Int a, b;
      Impl::getInt(x, a.v);
      Impl::getInt(y, b.v);
      return ordered(mpz_cmp(a.v, b.v), op);
    }
    case Form::Rational: {
      Rat a, b;
      Impl::getRational(x, a.v);
      Impl::getRational(y, b.v);
      return ordered(mpq_cmp(a.v, b.v), op);
    }
    case Form::Float: {
      BigFloat a, b;
      Impl::getFloat(x, a.v);
      Impl::getFloat(y, b.v);
      return ordered(mpfr_cmp(a.v, b.v), op);
    }
    default: {
      bool equal = constCompare(x.real(), ConstOp::Eq, y.real()) && constCompare(x.imag(), ConstOp::Eq, y.imag());
      return ordered(equal ? 0 : 1, op);
    }
  }
}

// --- Representability --------------------------------------------------------------------------------------------

// The bits of an integer type; 0 for untyped ones, which have no limit here.
static unsigned integerBits(BasicKind kind) {
  switch (kind) {
    case BasicKind::Int8:
    case BasicKind::Uint8: return 8;
    case BasicKind::Int16:
    case BasicKind::Uint16: return 16;
    case BasicKind::Int32:
    case BasicKind::Uint32: return 32;
    case BasicKind::UntypedInt:
    case BasicKind::UntypedRune: return 0;
    default: return 64;
  }
}

static bool fitsInteger(const Constant& x, BasicKind kind, bool isUnsigned) {
  unsigned bits = integerBits(kind);
  if (bits == 0) return true;
  if (isUnsigned) return x.sign() >= 0 && x.bitLength() <= bits;
  if (x.bitLength() < bits) return true;
  // The most negative value has one bit more than all others.
  return x.bitLength() == bits && x.sign() < 0 &&
         constCompare(x, ConstOp::Eq, constShift(Constant::ofInt(-1), ConstOp::Shl, bits - 1));
}

static bool fitsFloat(const Constant& x, bool single, Constant* rounded) {
  double d = single ? static_cast<double>(x.floatValue()) : x.doubleValue();
  if (!std::isfinite(d)) return false;
  if (rounded != nullptr) *rounded = Constant::ofDouble(d);
  return true;
}

bool constRepresentable(const Constant& x, BasicKind kind, Constant* rounded) {
  if (!x.isKnown()) return true;  // reported already
  uint16_t info = basicType(kind)->info;
  if (info & kIsInteger) {
    Constant i = x.toInt();
    if (i.kind() != Kind::Int) return false;
    bool fits = fitsInteger(i, kind, (info & kIsUnsigned) != 0);
    if (rounded != nullptr) *rounded = std::move(i);
    return fits;
  }
  if (info & kIsFloat) {
    Constant f = x.toFloat();
    if (!f.isKnown()) return false;
    return kind == BasicKind::UntypedFloat || fitsFloat(f, kind == BasicKind::Float32, rounded);
  }
  if (info & kIsComplex) {
    Constant c = x.toComplex();
    if (!c.isKnown()) return false;
    if (kind == BasicKind::UntypedComplex) return true;
    Constant re, im;
    bool single = kind == BasicKind::Complex64;
    if (!fitsFloat(c.real(), single, &re) || !fitsFloat(c.imag(), single, &im)) return false;
    if (rounded != nullptr) *rounded = Constant::ofComplex(re, im);
    return true;
  }
  if (info & kIsString) return x.kind() == Kind::String;
  if (info & kIsBoolean) return x.kind() == Kind::Bool;
  return false;
}

}  // namespace burrow::types
