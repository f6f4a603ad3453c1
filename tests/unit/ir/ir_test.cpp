// Burrow IR: builder, verifier, text and types.
#include "ir/builder.h"
#include "ir/dominators.h"
#include "ir/text.h"
#include "ir/verify.h"

#include <gtest/gtest.h>

using namespace burrow::ir;

namespace {

// max(a, b) with a block parameter, and a loop that sums 0..n-1.
void buildSamples(Module& m) {
  TypeTable& t = m.types;
  TypeId i = t.intType();
  m.path = m.name = "main";
  m.files = {"/src/main.go"};
  {
    Function& f = m.addFunction("main.max", t.func({i, i}, {i}, false));
    Builder b(m, f);
    b.start();
    b.setLoc({3, 5, 0});
    BlockId done = b.newBlock();
    ValueId result = b.addBlockParam(done, i);
    b.branch(b.binary(Op::Gt, b.param(0), b.param(1)), Edge{done, 0, {b.param(0)}}, Edge{done, 0, {b.param(1)}});
    b.setBlock(done);
    b.ret({result});
  }
  {
    Function& f = m.addFunction("main.sum", t.func({i}, {i}, false));
    Builder b(m, f);
    b.start();
    ValueId total = b.local(i, "total");
    b.store(total, b.zero(i));
    BlockId head = b.newBlock(), body = b.newBlock(), end = b.newBlock();
    ValueId n = b.addBlockParam(head, i);
    b.jump(head, {b.constInt(i, 0)});
    b.setBlock(head);
    b.branch(b.binary(Op::Lt, n, b.param(0)), body, end);
    b.setBlock(body);
    b.store(total, b.binary(Op::Add, b.load(total), n));
    b.jump(head, {b.binary(Op::Add, n, b.constInt(i, 1))});
    b.setBlock(end);
    b.ret({b.load(total)});
  }
}

std::string firstProblem(std::string_view text) {
  TypeTable types;
  Module m(types);
  std::string error;
  if (!parse(text, m, &error)) return "parse: " + error;
  std::vector<std::string> problems = verify(m);
  return problems.empty() ? "" : problems[0];
}

TEST(Builder, MakesVerifiedFunctions) {
  TypeTable types;
  Module m(types);
  buildSamples(m);
  for (const std::string& p : verify(m)) ADD_FAILURE() << p;
}

TEST(Text, PrintsWhatItReads) {
  TypeTable types;
  Module m(types);
  buildSamples(m);
  std::string first = print(m);
  TypeTable types2;
  Module m2(types2);
  std::string error;
  ASSERT_TRUE(parse(first, m2, &error)) << error << "\n" << first;
  for (const std::string& p : verify(m2)) ADD_FAILURE() << p;
  std::string second = print(m2);
  // Instructions without a result may get other ids, but those are not in the text.
  EXPECT_EQ(first, second);
}

TEST(Text, EveryTypeSurvives) {
  const char* const kTypes[] = {
      "int", "unsafe.Pointer", "*\"main.T\"", "[]string", "[4][2]int", "map[string]*\"main.T\"", "chan int", "<-chan int",
      "chan<- int", "chan (<-chan int)", "chan<- <-chan int", "func()", "func(int, ...string) (int, bool)", "func(func() int) func()",
      "struct {}", "struct { a int; \"main\".b string \"tag:\\\"x\\\"\"; ^T \"main.T\" }", "interface {}",
      "interface { M(int) string; \"main\".n() }", "tuple(int, bool)",
  };
  for (const char* text : kTypes) {
    TypeTable types;
    Module m(types);
    std::string error;
    std::string module = std::string("module \"m\" \"m\"\ntype \"main.T\" = struct {}\nglobal \"g\" external ") + text;
    ASSERT_TRUE(parse(module, m, &error)) << text << ": " << error;
    EXPECT_EQ(types.str(m.globals[0]->type, true), text);
  }
}

TEST(Text, SaysWhereTheMistakeIs) {
  TypeTable types;
  Module m(types);
  std::string error;
  EXPECT_FALSE(parse("module \"m\" \"m\"\nfunc \"f\" external func() {\nb0:\n  frobnicate\n}\n", m, &error));
  EXPECT_EQ(error, "4:3: unknown operation frobnicate");
}

TEST(Text, StringsWithAnyBytes) {
  TypeTable types;
  Module m(types);
  std::string error;
  std::string bytes("a\0b\n\"\\\xff", 7);
  std::string text = "module \"m\" \"m\"\nfunc \"f\" external func() string {\nb0:\n  v1 string = sconst @" + quote(bytes) + "\n  return v1\n}\n";
  ASSERT_TRUE(parse(text, m, &error)) << error;
  EXPECT_EQ(m.str(m.functions[0]->values[1].sym), bytes);
}

TEST(Verifier, FindsBrokenFunctions) {
  auto body = [](std::string_view blocks) {
    return "module \"m\" \"m\"\nfunc \"f\" external func(int) int {\n" + std::string(blocks) + "}\n";
  };
  EXPECT_EQ(firstProblem(body("b0(v1 int):\n  return v1\n")), "");
  EXPECT_EQ(firstProblem(body("b0(v1 int):\n  v2 int = add v1, v1\n")), "f: b0: v2 = add: block does not end in a terminator");
  EXPECT_EQ(firstProblem(body("b0(v1 int):\n  v2 string = sconst @\"x\"\n  v3 int = add v1, v2\n  return v3\n")),
            "f: b0: v3 = add: has string, wants int");
  EXPECT_EQ(firstProblem(body("b0(v1 int):\n  return v7\n")), "f: b0: v2 = return: uses v7, which is nowhere defined");
  EXPECT_EQ(firstProblem(body("b0(v1 int):\n  jump b1\nb1(v2 int):\n  return v2\n")),
            "f: b0: v3 = jump: 0 values for the 1 parameters of b1");
  EXPECT_EQ(firstProblem(body("b0(v1 int):\n  v2 bool = lt v1, v1\n  branch v2 b1, b2\nb1:\n  v3 int = const #1\n  jump b3\n"
                              "b2:\n  jump b3\nb3:\n  return v3\n")),
            "f: b3: v7 = return: uses v3, which does not dominate it");
}

TEST(Types, IdenticalTypesAreOneId) {
  TypeTable t;
  EXPECT_EQ(t.slice(t.intType()), t.slice(t.intType()));
  EXPECT_NE(t.slice(t.intType()), t.slice(t.uint8Type()));
  Field f{"a", "main", t.intType(), "", false};
  Field g{"a", "other", t.intType(), "", false};
  EXPECT_NE(t.structOf({f}), t.structOf({g}));
}

TEST(Types, LayoutAsGc) {
  TypeTable t;
  auto field = [&](const char* name, TypeId type) { return Field{name, "main", type, "", false}; };
  TypeId s = t.structOf({field("a", t.boolType()), field("b", t.stringType()), field("c", t.uint8Type())});
  EXPECT_EQ(t.sizeOf(s), 32);
  EXPECT_EQ(t.fieldOffset(s, 1), 8);
  EXPECT_EQ(t.layout(s).ptrBytes, 16);
  EXPECT_EQ(t.pointerMap(s), (std::vector<bool>{false, true}));
  // A last field of size zero gets a byte behind it.
  TypeId z = t.structOf({field("a", t.intType()), field("e", t.structOf({}))});
  EXPECT_EQ(t.sizeOf(z), 16);
  bool scalar = false;
  EXPECT_EQ(t.leaves(s, &scalar).size(), 4u);
  EXPECT_TRUE(scalar);
  t.leaves(t.array(t.intType(), 2), &scalar);
  EXPECT_FALSE(scalar);
  EXPECT_TRUE(t.isDirectIface(t.structOf({field("p", t.pointer(t.intType()))})));
  EXPECT_FALSE(t.isPlainMemory(s));
  EXPECT_TRUE(t.isPlainMemory(t.structOf({field("x", t.int32Type()), field("y", t.int32Type())})));
}

TEST(ControlFlow, Dominators) {
  TypeTable types;
  Module m(types);
  buildSamples(m);
  ControlFlow flow(*m.function("main.sum"));
  EXPECT_TRUE(flow.dominates(BlockId{1}, BlockId{2}));
  EXPECT_TRUE(flow.dominates(BlockId{1}, BlockId{3}));
  EXPECT_FALSE(flow.dominates(BlockId{2}, BlockId{3}));
  EXPECT_EQ(flow.immediateDominator(BlockId{3}), BlockId{1});
}

// The recovery block is entered before the entry has computed anything but its Locals.
TEST(ControlFlow, EntryDoesNotDominateTheRecoveryBlock) {
  auto problem = [](std::string_view result) {
    return firstProblem(
        "module \"m\" \"m\"\nfunc \"f\" external func(int) int hasdefer recover(b2) {\n"
        "b0(v1 int):\n  v2 *int = local @\"r\" <int>\n  v3 int = const #1\n  jump b1\n"
        "b1:\n  jump b3\nb2:\n  jump b3\n"
        "b3:\n  v4 int = load v2\n  return " +
        std::string(result) + "\n}\n");
  };
  EXPECT_EQ(problem("v4"), "");
  EXPECT_EQ(problem("v1"), "");
  EXPECT_NE(problem("v3").find("uses v3, which does not dominate it"), std::string::npos);
}

// Dominance by its definition: a dominates b when b cannot be reached without a.
TEST(ControlFlow, RandomGraphs) {
  uint32_t seed = 1;
  auto random = [&](uint32_t n) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % n;
  };
  for (int round = 0; round < 200; round++) {
    TypeTable types;
    Module m(types);
    Function& fn = m.addFunction("f", types.func({}, {}, false));
    fn.hasBody = true;
    const uint32_t n = 2 + random(12);
    fn.blocks.resize(n);
    for (uint32_t b = 0; b < n; b++) {
      Inst inst;
      inst.op = Op::Switch;
      for (uint32_t e = random(4); e > 0; e--) inst.edges.push_back(Edge{BlockId{1 + random(n - 1)}, 0, {}});
      fn.blocks[b].insts.push_back(ValueId{static_cast<uint32_t>(fn.values.size())});
      fn.values.push_back(inst);
    }
    if (random(3) == 0) fn.recoverBlock = BlockId{1 + random(n - 1)};
    auto reach = [&](uint32_t without) {
      std::vector<bool> seen(n);
      std::vector<uint32_t> work;
      auto enter = [&](uint32_t b) {
        if (b == without || seen[b]) return;
        seen[b] = true;
        work.push_back(b);
      };
      enter(0);
      if (fn.recoverBlock.isValid()) enter(fn.recoverBlock.value);
      while (!work.empty()) {
        uint32_t b = work.back();
        work.pop_back();
        for (const Edge& e : fn.values[fn.blocks[b].insts[0].value].edges) enter(e.block.value);
      }
      return seen;
    };
    ControlFlow flow(fn);
    std::vector<bool> all = reach(n);
    for (uint32_t a = 0; a < n; a++) {
      ASSERT_EQ(flow.reachable(BlockId{a}), all[a]);
      if (!all[a]) continue;
      std::vector<bool> rest = reach(a);
      for (uint32_t b = 0; b < n; b++) {
        if (all[b]) ASSERT_EQ(flow.dominates(BlockId{a}, BlockId{b}), !rest[b]) << round << ": " << a << ", " << b;
      }
    }
  }
}

}  // namespace
