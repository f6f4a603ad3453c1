// The verifier's rules: a body that breaks each, and what is said of it. A last test reads verify.cpp and fails for a rule
// that no row breaks; and for operations, intrinsics and runtime functions it fails for one that nobody emits or that no
// golden file contains.
#include "ir/text.h"
#include "ir/verify.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

using namespace burrow::ir;

namespace {

struct Rule {
  const char* body;  // of func(int, string, *int, []int, interface {}, map[string]int) int, whose parameters are v1 to v6
  const char* problem;
};

constexpr const char* kHead =
    "module \"m\" \"m\"\n"
    "func \"m.plain\" external func(int) int\n"
    "func \"m.closure\" internal func() captures(int) {\nb0:\n  return\n}\n"
    "func \"f\" external func(int, string, *int, []int, interface {}, map[string]int) int";
constexpr const char* kEntry = "b0(v1 int, v2 string, v3 *int, v4 []int, v5 interface {}, v6 map[string]int):\n";

const Rule kRules[] = {
    // Blocks and edges.
    {"  v10 int = add v1, v1\n", "block does not end in a terminator"},
    {"  return v1\n  return v1\n", "terminator inside a block"},
    {"  jump b1\nb1:\n  v10 *int = local <int>\n  return v1\n", "local outside of the entry block"},
    {"  jump b9\n", "edge to no block"},
    {"  jump b0\n", "edge to the entry block"},
    {"  jump b1\nb1(v10 int):\n  return v10\n", "0 values for the 1 parameters of b1"},
    {"  jump b1, b1\nb1:\n  return v1\n", "2 edges"},
    {"  jump b1(v2)\nb1(v10 int):\n  return v10\n", "passes string for parameter v10 int"},
    // Definitions.
    {"  return v17\n", "uses v17, which is nowhere defined"},
    {"  v10 bool = lt v1, v1\n  branch v10 b1, b2\nb1:\n  v11 int = const #1\n  jump b3\nb2:\n  jump b3\nb3:\n  return v11\n",
     "uses v11, which does not dominate it"},
    // Operands and results.
    {"  v10 int = add v1\n  return v10\n", "1 operands instead of 2"},
    {"  v10 int = add v1, v2\n  return v10\n", "has string, wants int"},
    {"  v10 string = add v2, v2\n  return v1\n", "arithmetic on a type that has none"},
    {"  v10 int = shl v1, v2\n  return v10\n", "shift of or by something that is no integer"},
    {"  v10 int = lt v1, v1\n  return v10\n", "comparison's result is not a bool"},
    {"  v10 int = condselect v1, v1, v1\n  return v10\n", "condition is not a bool"},
    {"  branch v1 b1, b1\nb1:\n  return v1\n", "condition is not a bool"},
    {"  v11 bool = eq v1, v1\n  branch v11 #101 b1, b1\nb1:\n  return v1\n", "not a percentage"},
    {"  v10 struct { a int } = struct v1, v1\n  return v1\n", "operands do not fit the struct"},
    {"  v10 int = field v1 #0\n  return v10\n", "no such field"},
    {"  v10 *int = fieldaddr v3 #0\n  return v1\n", "no such field"},
    {"  v10 int64 = stringword v4 #0\n  return v1\n", "no word of a string"},
    {"  v10 int = element v1 #0\n  return v10\n", "no such element"},
    {"  v10 int = get v1 #0\n  return v10\n", "no such part"},
    {"  v10 int = load v1\n  return v10\n", "load through something that is no pointer"},
    {"  store v1, v1\n  return v1\n", "store through something that is no pointer"},
    {"  v10 *int = new <string>\n  return v1\n", "result is not a pointer to the variable's type"},
    {"  v10 *int = indexaddr v1, v1\n  return v1\n", "index of something that is no pointer"},
    {"  nilcheck v1\n  return v1\n", "nil check of something that is no pointer"},
    {"  boundscheck v1, v2 #0\n  return v1\n", "bad bounds check"},
    {"  v10 int = mapget v1, v2\n  return v10\n", "not a map"},
    {"  mapdelete v1, v2\n  return v1\n", "not a map"},
    {"  send v1, v1\n  return v1\n", "not a channel"},
    {"  v10 int = recv v1\n  return v10\n", "not a channel"},
    {"  v10 tuple(int, bool) = select v1 #0\n  return v1\n", "operands do not fit the cases"},
    {"  v10 interface {} = makeiface v5 <interface {}>\n  return v1\n", "not a concrete value made an interface"},
    {"  v10 interface {} = convertiface v1\n  return v1\n", "not interfaces"},
    {"  v10 int = typeassert v1 <int>\n  return v10\n", "assertion on something that is no interface"},
    {"  v10 interface {} = typeassert v5 <interface {}>\n  return v1\n", "wrong kind of assertion"},
    {"  v10 int = typeassert v5 <int> test\n  return v10\n", "a test that gives no bool"},
    {"  v10 int = typeassert v5 <int> commaok\n  return v10\n", "result is not the value and a bool"},
    // Calls.
    {"  v10 int = call v1 <func(int) int>\n  return v10\n", "call of nothing"},
    {"  v10 int = call v1 @\"m.plain\" <int>\n  return v10\n", "calls something that is not a function"},
    {"  v10 int = call @\"m.plain\" <func(int) int>\n  return v10\n", "0 arguments for 1 parameters"},
    {"  v10 int = call v1 @\"m.none\" <func(int)>\n  return v10\n", "result of a function without results"},
    {"  v10 int = call v1 @\"m.two\" <func(int) (int, int)>\n  return v10\n",
     "result type is not the tuple of the function's results"},
    {"  v10 int = callclosure\n  return v10\n", "call of nothing"},
    {"  v10 int = callinterface v5 #0\n  return v10\n", "no such method"},
    {"  v10 int = closure v1 @\"m.closure\"\n  return v1\n", "closure that is no func value"},
    {"  v10 func() = closure @\"m.closure\"\n  return v1\n", "captured values do not fit the function"},
    {"  v10 int = captured #0\n  return v10\n", "no such captured variable"},
    {"  go v1\n  return v1\n", "not a func value without parameters and results"},
    {"  v10 func() = zero\n  defer v10\n  return v1\n", "defer in a function that is not marked"},
    {"  v10 interface {} = recover\n  return v1\n", "recover in a function that is not marked"},
    {"  switch v2 b1\nb1:\n  return v1\n", "switch on something that is no integer"},
    {"  return\n", "0 values for 1 results"},
};

std::vector<std::string> problems(const std::string& text) {
  TypeTable types;
  Module m(types);
  std::string error;
  if (!parse(text, m, &error)) return {"parse: " + error};
  return verify(m);
}

bool says(const std::vector<std::string>& all, std::string_view what) {
  for (const std::string& p : all) {
    if (p.find(what) != std::string::npos) return true;
  }
  return false;
}

std::string function(const std::string& attributes, const std::string& blocks) {
  return std::string(kHead) + attributes + " {\n" + blocks + "}\n";
}

TEST(VerifierRules, EachIsBroken) {
  for (const std::string& p : problems(function("", std::string(kEntry) + "  return v1\n"))) ADD_FAILURE() << p;
  for (const Rule& rule : kRules) {
    std::vector<std::string> found = problems(function("", std::string(kEntry) + rule.body));
    EXPECT_TRUE(says(found, rule.problem)) << rule.body << "says " << (found.empty() ? "nothing" : found[0]) << ", not "
                                           << rule.problem;
  }
}

// What cannot be said in one body of that function.
TEST(VerifierRules, OfWholeFunctions) {
  EXPECT_TRUE(says(problems(function("", "b0(v1 int):\n  return v1\n")), "1 entry parameters for 6 parameters"));
  EXPECT_TRUE(says(problems(function(" hasdefer", std::string(kEntry) + "  return v1\n")),
                   "hasdefer and recover block disagree"));
  EXPECT_TRUE(says(problems(function("", std::string(kEntry) + "  v10 int = add v11, v1\n  store v3, v1\n  return v10\nb1:\n"
                                                               "  v11 int = const #1\n  return v11\n")),
                   "uses v11, which does not dominate it"));
}

std::string slurp(const std::filesystem::path& path) {
  std::ifstream in(path);
  return std::string((std::istreambuf_iterator<char>(in)), {});
}

std::string slurpAll(const std::filesystem::path& folder) {
  std::string all;
  for (const auto& e : std::filesystem::recursive_directory_iterator(folder)) {
    if (e.is_regular_file()) all += slurp(e.path()) + "\n";
  }
  return all;
}

const std::filesystem::path kRoot = BURROW_SOURCE_DIR;

// What only a bug in the builder or the parser could make, so that no text leads there.
const std::set<std::string> kNotInText = {
    "no such value v{}", "stands in two places", "empty block", "parameter as an instruction", "{}", "uses v{}, which has no result",
    "no such runtime function", "{}: b{}",
};

TEST(VerifierRules, AllAreTested) {
  const std::string source = slurp(kRoot / "compiler/ir/verify.cpp");
  const std::string tests = slurp(kRoot / "tests/unit/ir/rules_test.cpp");
  std::string body = tests.substr(0, tests.find("kNotInText"));
  const std::regex literal("(?:bad|want)\\((?:[^\"\\n]|\\n)*?\"([^\"]*)\"");
  size_t rules = 0;
  for (std::sregex_iterator it(source.begin(), source.end(), literal), end; it != end; ++it) {
    const std::string text = (*it)[1];
    rules++;
    if (kNotInText.contains(text)) continue;
    // The longest piece without a placeholder must occur in a row.
    std::string longest, piece;
    for (size_t i = 0; i <= text.size(); i++) {
      if (i == text.size() || text[i] == '{') {
        if (piece.size() > longest.size()) longest = piece;
        piece.clear();
        while (i < text.size() && text[i] != '}') i++;
      } else {
        piece += text[i];
      }
    }
    EXPECT_NE(body.find(longest), std::string::npos) << "no row breaks the rule: " << text;
  }
  EXPECT_GT(rules, 40u);
}

std::vector<std::pair<std::string, std::string>> entries(const std::filesystem::path& file, const char* macro) {
  std::vector<std::pair<std::string, std::string>> result;
  const std::string text = slurp(kRoot / file);
  const std::regex entry(std::string("\n") + macro + "\\((\\w+), \"([^\"]*)\"");
  for (std::sregex_iterator it(text.begin(), text.end(), entry), end; it != end; ++it) result.emplace_back((*it)[1], (*it)[2]);
  EXPECT_GT(result.size(), 20u) << file;
  return result;
}

bool hasWord(const std::string& text, const std::string& word) {
  auto part = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; };
  for (size_t at = 0; (at = text.find(word, at)) != std::string::npos; at++) {
    const size_t after = at + word.size();
    if ((at == 0 || !part(text[at - 1])) && (after == text.size() || !part(text[after]))) return true;
  }
  return false;
}

TEST(Operations, SomebodyEmitsEach) {
  const std::string makers = slurpAll(kRoot / "compiler/irgen") + slurpAll(kRoot / "compiler/passes") +
                             slurp(kRoot / "compiler/ir/builder.cpp") + slurp(kRoot / "compiler/ir/builder.h");
  for (const auto& [name, text] : entries("compiler/ir/op.def", "OP")) {
    EXPECT_TRUE(hasWord(makers, "Op::" + name)) << "nobody emits " << text;
  }
  for (const auto& [name, text] : entries("compiler/ir/intrinsic.def", "INTRINSIC")) {
    EXPECT_TRUE(hasWord(makers, "Kind::" + name) || hasWord(makers, "IntrinsicKind::" + name)) << "nobody emits " << text;
  }
  const std::string callers = makers + slurpAll(kRoot / "compiler/codegen");
  for (const auto& [name, symbol] : entries("runtime/abi/functions.def", "RUNTIME_FN")) {
    EXPECT_TRUE(hasWord(callers, name)) << "nobody calls " << symbol;
  }
}

TEST(Operations, AGoldenContainsEach) {
  const std::string goldens = slurpAll(kRoot / "tests/golden");
  for (const auto& [name, text] : entries("compiler/ir/op.def", "OP")) {
    EXPECT_TRUE(hasWord(goldens, text)) << "no golden file contains " << text;
  }
  for (const auto& [name, text] : entries("compiler/ir/intrinsic.def", "INTRINSIC")) {
    EXPECT_TRUE(hasWord(goldens, "#" + text)) << "no golden file contains " << text;
  }
}

}  // namespace
