#include "types/constant.h"

#include <gtest/gtest.h>

#include "types/types.h"

namespace burrow::types {
namespace {

TEST(Constant, IntegerLiterals) {
  EXPECT_EQ(Constant::parseInt("0x_FF").str(), "255");
  EXPECT_EQ(Constant::parseInt("0755").str(), "493");
  EXPECT_EQ(Constant::parseInt("0o17").str(), "15");
  EXPECT_EQ(Constant::parseInt("0b1010").str(), "10");
  EXPECT_EQ(Constant::parseInt("1_000_000").str(), "1000000");
  EXPECT_EQ(Constant::parseInt("340282366920938463463374607431768211456").bitLength(), 129u);
}

TEST(Constant, FloatLiterals) {
  EXPECT_EQ(Constant::parseFloat("0.1").exactStr(), "1/10");
  EXPECT_EQ(Constant::parseFloat("0x1p-2").exactStr(), "1/4");
  EXPECT_EQ(Constant::parseFloat("1e3").toInt().str(), "1000");
  EXPECT_EQ(Constant::parseFloat("0755.").str(), "755");
  EXPECT_EQ(Constant::parseFloat("1e100000").kind(), Constant::Kind::Float);
  EXPECT_FALSE(Constant::parseFloat("1e10000000000").isKnown());
  EXPECT_EQ(Constant::parseFloat("1e-10000000000").sign(), 0);
}

TEST(Constant, ImaginaryLiterals) {
  EXPECT_EQ(Constant::parseImaginary("0123i").imag().str(), "123");  // decimal, for old programs' sake
  EXPECT_EQ(Constant::parseImaginary("0x1Fi").imag().str(), "31");
  EXPECT_EQ(Constant::parseImaginary("1.5i").str(), "(0 + 1.5i)");
}

TEST(Constant, ArithmeticIsExact) {
  Constant a = Constant::ofInt(INT64_MAX);
  Constant b = constBinary(a, ConstOp::Add, Constant::ofInt(1));
  EXPECT_EQ(b.str(), "9223372036854775808");
  EXPECT_EQ(constBinary(b, ConstOp::Sub, Constant::ofInt(1)).str(), "9223372036854775807");
  EXPECT_EQ(constBinary(Constant::ofInt(-7), ConstOp::IntQuo, Constant::ofInt(2)).str(), "-3");
  EXPECT_EQ(constBinary(Constant::ofInt(-7), ConstOp::Rem, Constant::ofInt(2)).str(), "-1");
  EXPECT_EQ(constBinary(Constant::ofInt(1), ConstOp::Quo, Constant::ofInt(3)).exactStr(), "1/3");
  EXPECT_EQ(constBinary(Constant::ofInt(INT64_MIN), ConstOp::IntQuo, Constant::ofInt(-1)).str(), "9223372036854775808");
  EXPECT_EQ(constBinary(Constant::ofInt(6), ConstOp::AndNot, Constant::ofInt(2)).str(), "4");
  EXPECT_EQ(constShift(Constant::ofInt(1), ConstOp::Shl, 100).bitLength(), 101u);
  EXPECT_EQ(constShift(Constant::ofInt(-5), ConstOp::Shr, 1).str(), "-3");
}

TEST(Constant, DivisionByZeroIsUnknown) {
  EXPECT_FALSE(constBinary(Constant::ofInt(1), ConstOp::IntQuo, Constant::ofInt(0)).isKnown());
}

TEST(Constant, Complement) {
  EXPECT_EQ(constUnary(ConstOp::Xor, Constant::ofInt(0), 8).str(), "255");
  EXPECT_EQ(constUnary(ConstOp::Xor, Constant::ofInt(5), 0).str(), "-6");
}

TEST(Constant, ComplexArithmetic) {
  Constant i = Constant::ofComplex(Constant::ofInt(0), Constant::ofInt(1));
  EXPECT_TRUE(constCompare(constBinary(i, ConstOp::Mul, i), ConstOp::Eq, Constant::ofInt(-1)));
  EXPECT_EQ(constBinary(i, ConstOp::Mul, i).toInt().str(), "-1");
}

TEST(Constant, Representable) {
  Constant r;
  EXPECT_TRUE(constRepresentable(Constant::ofInt(-128), BasicKind::Int8, &r));
  EXPECT_FALSE(constRepresentable(Constant::ofInt(128), BasicKind::Int8, &r));
  EXPECT_FALSE(constRepresentable(Constant::ofInt(-1), BasicKind::Uint64, &r));
  EXPECT_TRUE(constRepresentable(Constant::ofUint(UINT64_MAX), BasicKind::Uint64, &r));
  EXPECT_FALSE(constRepresentable(Constant::ofUint(UINT64_MAX), BasicKind::Int64, &r));
  EXPECT_TRUE(constRepresentable(constShift(Constant::ofInt(-1), ConstOp::Shl, 63), BasicKind::Int64, &r));
  EXPECT_TRUE(constRepresentable(Constant::parseFloat("2.0"), BasicKind::Int, &r));
  EXPECT_EQ(r.kind(), Constant::Kind::Int);
  EXPECT_FALSE(constRepresentable(Constant::parseFloat("2.5"), BasicKind::Int, &r));
  EXPECT_FALSE(constRepresentable(Constant::parseFloat("1e39"), BasicKind::Float32, &r));
  EXPECT_TRUE(constRepresentable(Constant::parseFloat("0.1"), BasicKind::Float32, &r));
  EXPECT_EQ(r.doubleValue(), static_cast<double>(0.1f));
}

TEST(Constant, StringsAreJoinedWithoutRecursion) {
  Constant s = Constant::ofString("");
  Constant part = Constant::ofString("0123456789");
  for (int i = 0; i < 200000; i++) s = constBinary(s, ConstOp::Add, part);
  EXPECT_EQ(s.stringLength(), 2000000u);
  EXPECT_EQ(s.stringValue().size(), 2000000u);
  EXPECT_EQ(s.stringValue().substr(1999995), "56789");
}

TEST(Constant, Text) {
  EXPECT_EQ(Constant::parseFloat("0.9999999").str(), "0.9999999");
  EXPECT_EQ(Constant::parseFloat("1e400").str(), "1e+400");
  EXPECT_EQ(Constant::ofString("a\n\"").str(), "\"a\\n\\\"\"");
  EXPECT_EQ(Constant::ofString(std::string(100, 'x')).str().size(), 72u);
}

TEST(Constant, Bytes) {
  uint8_t b[8];
  Constant::ofInt(-2).toBytes(b, 8);
  EXPECT_EQ(b[0], 0xFE);
  EXPECT_EQ(b[7], 0xFF);
}

}  // namespace
}  // namespace burrow::types
