// The curve P-256 with 64-bit limbs: what crypto/internal/fips140/nistec has in assembly on amd64.
//
// An element of the field is four limbs, least significant first, in the Montgomery domain (a * 2^256 mod p) and always
// fully reduced. p = 2^256 - 2^224 + 2^192 + 2^96 - 1 is -1 modulo 2^64, so that the multiple of p which clears the lowest
// limb m of a sum is m * p itself: m goes away, m * 2^96 is two shifts, and one multiplication is left for the top limb.
//
// Points are Jacobian, x = X/Z^2, y = Y/Z^3. Nothing here branches on an element, a scalar or an index, and nothing reads
// memory at a place that depends on one: choices are masks, hidden from the compiler so that it does not make branches of
// them, and tables are read whole.
#include "mem/env.h"

namespace burrow::rt {

using Wide = unsigned __int128;

struct Element {
  uint64_t limb[4];
};
struct Point {
  Element x, y, z;
};
struct AffinePoint {
  Element x, y;
};

GO_DECL("crypto/internal/fips140/nistec.p256Mul", void, p256Mul, (Element * res, const Element* a, const Element* b));
GO_DECL("crypto/internal/fips140/nistec.p256Sqr", void, p256Sqr, (Element * res, const Element* a, int64_t times));
GO_DECL("crypto/internal/fips140/nistec.p256FromMont", void, p256FromMont, (Element * res, const Element* a));
GO_DECL("crypto/internal/fips140/nistec.p256NegCond", void, p256NegCond, (Element * value, int64_t cond));
GO_DECL("crypto/internal/fips140/nistec.p256MovCond", void, p256MovCond,
        (Point * res, const Point* a, const Point* b, int64_t cond));
GO_DECL("crypto/internal/fips140/nistec.p256Select", void, p256Select,
        (Point * res, const Point* table, int64_t index));
GO_DECL("crypto/internal/fips140/nistec.p256SelectAffine", void, p256SelectAffine,
        (AffinePoint * res, const AffinePoint* table, int64_t index));
GO_DECL("crypto/internal/fips140/nistec.p256PointAddAffineAsm", void, p256PointAddAffine,
        (Point * res, const Point* a, const AffinePoint* b, int64_t sign, int64_t sel, int64_t zero));
GO_DECL("crypto/internal/fips140/nistec.p256PointAddAsm", int64_t, p256PointAdd,
        (Point * res, const Point* a, const Point* b));
GO_DECL("crypto/internal/fips140/nistec.p256PointDoubleAsm", void, p256PointDouble, (Point * res, const Point* a));

static constexpr uint64_t kP0 = 0xffffffffffffffff, kP1 = 0x00000000ffffffff, kP2 = 0, kP3 = 0xffffffff00000001;
static constexpr Element kOne = {{1, 0xffffffff00000000, 0xffffffffffffffff, 0x00000000fffffffe}};

// All ones if c is not 0, else 0.
static inline uint64_t maskOf(uint64_t c) {
  uint64_t mask = 0 - ((c | (0 - c)) >> 63);
  asm("" : "+r"(mask));
  return mask;
}
static inline uint64_t choose(uint64_t mask, uint64_t a, uint64_t b) { return b ^ (mask & (a ^ b)); }
static inline Element choose(uint64_t mask, const Element& a, const Element& b) {
  return {{choose(mask, a.limb[0], b.limb[0]), choose(mask, a.limb[1], b.limb[1]), choose(mask, a.limb[2], b.limb[2]),
           choose(mask, a.limb[3], b.limb[3])}};
}
static inline bool isZero(const Element& a) { return (a.limb[0] | a.limb[1] | a.limb[2] | a.limb[3]) == 0; }

// top:t modulo p, for what is less than 2p.
static inline Element reduceOnce(uint64_t t0, uint64_t t1, uint64_t t2, uint64_t t3, uint64_t top) {
  unsigned long long borrow = 0;
  uint64_t s0 = __builtin_subcll(t0, kP0, 0, &borrow);
  uint64_t s1 = __builtin_subcll(t1, kP1, borrow, &borrow);
  uint64_t s2 = __builtin_subcll(t2, kP2, borrow, &borrow);
  uint64_t s3 = __builtin_subcll(t3, kP3, borrow, &borrow);
  __builtin_subcll(top, 0, borrow, &borrow);
  uint64_t keep = maskOf(borrow);
  return choose(keep, Element{{t0, t1, t2, t3}}, Element{{s0, s1, s2, s3}});
}

// One step of Montgomery's reduction: m times p is added to limbs of which m is the lowest, which clears that one, and
// t1, t2, t3 move down into t0, t1, t2. Returns what goes to the next limb.
static inline uint64_t clearLowest(uint64_t m, uint64_t& t0, uint64_t& t1, uint64_t& t2, uint64_t t3) {
  Wide c = Wide{t1} + (m << 32);
  t0 = static_cast<uint64_t>(c);
  c = (c >> 64) + t2 + (m >> 32);
  t1 = static_cast<uint64_t>(c);
  c = (c >> 64) + t3 + Wide{m} * kP3;
  t2 = static_cast<uint64_t>(c);
  return static_cast<uint64_t>(c >> 64);
}

static inline Element multiply(const Element& a, const Element& b) {
  uint64_t t0 = 0, t1 = 0, t2 = 0, t3 = 0, t4 = 0;
#pragma unroll
  for (int i = 0; i < 4; i++) {
    const uint64_t digit = b.limb[i];
    Wide c = Wide{a.limb[0]} * digit + t0;
    const uint64_t m = static_cast<uint64_t>(c);  // that much of p clears the lowest limb
    c = (c >> 64) + Wide{a.limb[1]} * digit + t1;
    t1 = static_cast<uint64_t>(c);
    c = (c >> 64) + Wide{a.limb[2]} * digit + t2;
    t2 = static_cast<uint64_t>(c);
    c = (c >> 64) + Wide{a.limb[3]} * digit + t3;
    t3 = static_cast<uint64_t>(c);
    c = (c >> 64) + t4;
    t4 = static_cast<uint64_t>(c);
    const uint64_t t5 = static_cast<uint64_t>(c >> 64);
    c = Wide{clearLowest(m, t0, t1, t2, t3)} + t4;
    t3 = static_cast<uint64_t>(c);
    t4 = t5 + static_cast<uint64_t>(c >> 64);
  }
  return reduceOnce(t0, t1, t2, t3, t4);
}

// As multiply(a, a), each product of two different limbs once.
static inline Element square(const Element& a) {
  const uint64_t a0 = a.limb[0], a1 = a.limb[1], a2 = a.limb[2], a3 = a.limb[3];
  uint64_t t[8];
  Wide c = Wide{a0} * a1;
  t[1] = static_cast<uint64_t>(c);
  c = (c >> 64) + Wide{a0} * a2;
  t[2] = static_cast<uint64_t>(c);
  c = (c >> 64) + Wide{a0} * a3;
  t[3] = static_cast<uint64_t>(c);
  t[4] = static_cast<uint64_t>(c >> 64);
  c = Wide{t[3]} + Wide{a1} * a2;
  t[3] = static_cast<uint64_t>(c);
  c = (c >> 64) + t[4] + Wide{a1} * a3;
  t[4] = static_cast<uint64_t>(c);
  c = (c >> 64) + Wide{a2} * a3;
  t[5] = static_cast<uint64_t>(c);
  t[6] = static_cast<uint64_t>(c >> 64);
  t[7] = t[6] >> 63;
  t[6] = t[6] << 1 | t[5] >> 63;
  t[5] = t[5] << 1 | t[4] >> 63;
  t[4] = t[4] << 1 | t[3] >> 63;
  t[3] = t[3] << 1 | t[2] >> 63;
  t[2] = t[2] << 1 | t[1] >> 63;
  t[1] = t[1] << 1;
  c = Wide{a0} * a0;
  t[0] = static_cast<uint64_t>(c);
  c = (c >> 64) + t[1];
  t[1] = static_cast<uint64_t>(c);
  c = (c >> 64) + t[2] + Wide{a1} * a1;
  t[2] = static_cast<uint64_t>(c);
  c = (c >> 64) + t[3];
  t[3] = static_cast<uint64_t>(c);
  c = (c >> 64) + t[4] + Wide{a2} * a2;
  t[4] = static_cast<uint64_t>(c);
  c = (c >> 64) + t[5];
  t[5] = static_cast<uint64_t>(c);
  c = (c >> 64) + t[6] + Wide{a3} * a3;
  t[6] = static_cast<uint64_t>(c);
  t[7] += static_cast<uint64_t>(c >> 64);
  // The lower half is cleared limb by limb; what that adds above the lower half comes back as four limbs.
  uint64_t t0 = t[0], t1 = t[1], t2 = t[2], t3 = t[3];
#pragma unroll
  for (int i = 0; i < 4; i++) {
    const uint64_t m = t0;
    t3 = clearLowest(m, t0, t1, t2, t3);
  }
  c = Wide{t0} + t[4];
  t0 = static_cast<uint64_t>(c);
  c = (c >> 64) + t1 + t[5];
  t1 = static_cast<uint64_t>(c);
  c = (c >> 64) + t2 + t[6];
  t2 = static_cast<uint64_t>(c);
  c = (c >> 64) + t3 + t[7];
  return reduceOnce(t0, t1, t2, static_cast<uint64_t>(c), static_cast<uint64_t>(c >> 64));
}

static inline Element add(const Element& a, const Element& b) {
  unsigned long long carry = 0;
  uint64_t t0 = __builtin_addcll(a.limb[0], b.limb[0], 0, &carry);
  uint64_t t1 = __builtin_addcll(a.limb[1], b.limb[1], carry, &carry);
  uint64_t t2 = __builtin_addcll(a.limb[2], b.limb[2], carry, &carry);
  uint64_t t3 = __builtin_addcll(a.limb[3], b.limb[3], carry, &carry);
  return reduceOnce(t0, t1, t2, t3, carry);
}
static inline Element twice(const Element& a) { return add(a, a); }
static inline Element subtract(const Element& a, const Element& b) {
  unsigned long long borrow = 0, carry = 0;
  uint64_t t0 = __builtin_subcll(a.limb[0], b.limb[0], 0, &borrow);
  uint64_t t1 = __builtin_subcll(a.limb[1], b.limb[1], borrow, &borrow);
  uint64_t t2 = __builtin_subcll(a.limb[2], b.limb[2], borrow, &borrow);
  uint64_t t3 = __builtin_subcll(a.limb[3], b.limb[3], borrow, &borrow);
  uint64_t mask = maskOf(borrow);
  t0 = __builtin_addcll(t0, kP0 & mask, 0, &carry);
  t1 = __builtin_addcll(t1, kP1 & mask, carry, &carry);
  t2 = __builtin_addcll(t2, kP2 & mask, carry, &carry);
  t3 = __builtin_addcll(t3, kP3 & mask, carry, &carry);
  return {{t0, t1, t2, t3}};
}
static inline Element negateIf(uint64_t mask, const Element& a) { return choose(mask, subtract(Element{}, a), a); }

// Their code is long, and the formulas below name them often.
[[gnu::noinline]] static void mul(Element* res, const Element& a, const Element& b) { *res = multiply(a, b); }
[[gnu::noinline]] static void sqr(Element* res, const Element& a) { *res = square(a); }

void p256Mul(Element* res, const Element* a, const Element* b) { *res = multiply(*a, *b); }
void p256Sqr(Element* res, const Element* a, int64_t times) {
  Element e = *a;
  do e = square(e);
  while (--times > 0);
  *res = e;
}
void p256FromMont(Element* res, const Element* a) { *res = multiply(*a, Element{{1, 0, 0, 0}}); }
void p256NegCond(Element* value, int64_t cond) { *value = negateIf(maskOf(static_cast<uint64_t>(cond)), *value); }
void p256MovCond(Point* res, const Point* a, const Point* b, int64_t cond) {
  const uint64_t mask = maskOf(static_cast<uint64_t>(cond));
  *res = {choose(mask, a->x, b->x), choose(mask, a->y, b->y), choose(mask, a->z, b->z)};
}

// The entry with that number, counted from one, of a table of n entries of kLimbs limbs; nothing but zeros for 0.
template <int kLimbs>
static inline void selectEntry(uint64_t* res, const uint64_t* table, uint64_t n, uint64_t index) {
  typedef uint64_t Vector __attribute__((vector_size(16), aligned(8)));
  Vector sum[kLimbs / 2] = {};
  for (uint64_t i = 1; i <= n; i++, table += kLimbs) {
    const uint64_t mask = ~maskOf(i ^ index);
    const Vector masks = {mask, mask};
#pragma unroll
    for (int k = 0; k < kLimbs / 2; k++) sum[k] |= masks & reinterpret_cast<const Vector*>(table)[k];
  }
#pragma unroll
  for (int k = 0; k < kLimbs / 2; k++) reinterpret_cast<Vector*>(res)[k] = sum[k];
}
void p256Select(Point* res, const Point* table, int64_t index) {
  selectEntry<12>(res->x.limb, table->x.limb, 16, static_cast<uint64_t>(index));
}
void p256SelectAffine(AffinePoint* res, const AffinePoint* table, int64_t index) {
  selectEntry<8>(res->x.limb, table->x.limb, 32, static_cast<uint64_t>(index));
}

void p256PointDouble(Point* res, const Point* a) {
  Element zz, yy, xyy, slope, t, x, z;
  sqr(&zz, a->z);
  sqr(&yy, a->y);
  mul(&xyy, a->x, yy);
  mul(&slope, subtract(a->x, zz), add(a->x, zz));
  slope = add(twice(slope), slope);  // 3 (x^2 - z^4): a is -3
  mul(&z, twice(a->y), a->z);
  xyy = twice(twice(xyy));
  sqr(&x, slope);
  x = subtract(x, twice(xyy));
  sqr(&yy, twice(yy));  // 4 y^4
  mul(&t, slope, subtract(xyy, x));
  *res = {x, subtract(t, twice(yy)), z};
}

// What both additions end with: h the difference of the x, r that of the y, u and s the first point's, z z1 z2 or what
// stands for it.
static inline void addEnd(Point* sum, const Element& h, const Element& r, const Element& u, const Element& s,
                          const Element& z) {
  Element hh, hhh, uhh, t;
  sqr(&hh, h);
  mul(&hhh, hh, h);
  mul(&uhh, u, hh);
  sqr(&sum->x, r);
  sum->x = subtract(subtract(sum->x, hhh), twice(uhh));
  mul(&sum->y, r, subtract(uhh, sum->x));
  mul(&t, s, hhh);
  sum->y = subtract(sum->y, t);
  mul(&sum->z, h, z);
}

int64_t p256PointAdd(Point* res, const Point* a, const Point* b) {
  Element z1z1, z2z2, u1, u2, s1, s2, z;
  sqr(&z1z1, a->z);
  sqr(&z2z2, b->z);
  mul(&u1, a->x, z2z2);
  mul(&u2, b->x, z1z1);
  mul(&s1, a->y, b->z);
  mul(&s1, s1, z2z2);
  mul(&s2, b->y, a->z);
  mul(&s2, s2, z1z1);
  mul(&z, a->z, b->z);
  const Element h = subtract(u2, u1), r = subtract(s2, s1);
  Point sum;
  addEnd(&sum, h, r, u1, s1, z);
  *res = sum;
  return static_cast<int64_t>(isZero(h)) & static_cast<int64_t>(isZero(r));
}

void p256PointAddAffine(Point* res, const Point* a, const AffinePoint* b, int64_t sign, int64_t sel, int64_t zero) {
  const Element by = negateIf(maskOf(static_cast<uint64_t>(sign)), b->y);
  Element z1z1, u2, s2;
  sqr(&z1z1, a->z);
  mul(&u2, b->x, z1z1);
  mul(&s2, by, a->z);
  mul(&s2, s2, z1z1);
  Point sum;
  addEnd(&sum, subtract(u2, a->x), subtract(s2, a->y), a->x, a->y, a->z);
  const uint64_t hasB = maskOf(static_cast<uint64_t>(sel)), hasA = maskOf(static_cast<uint64_t>(zero));
  sum = {choose(hasA, sum.x, b->x), choose(hasA, sum.y, by), choose(hasA, sum.z, kOne)};
  *res = {choose(hasB, sum.x, a->x), choose(hasB, sum.y, a->y), choose(hasB, sum.z, a->z)};
}

}  // namespace burrow::rt
