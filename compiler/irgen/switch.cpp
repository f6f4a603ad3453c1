// switch over expressions.
//
// Cases are tried in order, unless all of them are constants: then integers become one Switch instruction and strings several:
// one on the length, and for the strings of each length one on bytes of theirs, up to eight as one number. Bodies follow, so that
// fallthrough is a jump to the next one.
//
// That is code, about a block for each case, as long as it is not too much. With very many cases it is a loop over
// a table of the strings, then a Switch on the index that was found: ten thousand comparisons that all look at one variable
// cost the back end more than linear time, and a processor its cache.
#include "irgen/order.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <set>

namespace burrow::irgen {

using namespace syntax;

namespace {
// From how many cases on the search pays.
constexpr size_t kIntegerSwitch = 4;
constexpr size_t kStringSearch = 8;
// From how many cases on the strings are a table.
constexpr size_t kStringTable = 500;
// A search ends in this many comparisons in a row.
constexpr size_t kLinear = 4;
// The most bytes in a number that a switch looks at, and the most that two such numbers cover.
constexpr size_t kWord = 8, kTwoWords = 2 * kWord;
// So far into long strings a number is looked for in which they differ.
constexpr size_t kFarthestWord = 64;

uint64_t bytesAt(std::string_view s, size_t offset, size_t count) {
  uint64_t word = 0;
  for (size_t i = 0; i < count; i++) word |= uint64_t(uint8_t(s[offset + i])) << (8 * i);
  return word;
}

// What FunctionGen::stringWord computes: of strings shorter than a word all their bytes, some of them twice.
uint64_t wordOf(std::string_view s, size_t offset) {
  switch (size_t n = s.size()) {
    case 1: case 2: case 4: return bytesAt(s, 0, n);
    case 3: return bytesAt(s, 0, 2) | bytesAt(s, 2, 1) << 16;
    case 5: case 6: case 7: return bytesAt(s, 0, 4) | bytesAt(s, n - 4, 4) << 32;
    default: return bytesAt(s, offset, kWord);
  }
}
}  // namespace

void FunctionGen::caseTest(ValueId tag, const Expr* e, BlockId match, BlockId next) {
  const types::ExprInfo& i = info().of(e);
  InOrder order(*this, {e});
  ValueId equal;
  if (i.mode == types::Mode::NilValue) {
    setPos(e->pos);
    ValueId x = tag;
    if (T().isInterface(b_.typeOf(x))) x = b_.emit(Op::IfaceTab, T().unsafePointer(), {x});
    equal = b_.binary(Op::Eq, x, b_.zero(b_.typeOf(x)));
  } else {
    TypeId type = map(i.type);
    if (i.isConstant() && !T().isInterface(b_.typeOf(tag))) type = b_.typeOf(tag);
    ValueId v = exprTo(e, type);
    setPos(e->pos);
    equal = compare(Token::Equal, tag, v);
  }
  b_.branch(equal, match, next);
}

bool FunctionGen::integerSwitch(const SwitchStmt* s, ValueId tag, const std::vector<BlockId>& bodies, BlockId otherwise) {
  if (!T().isInteger(b_.typeOf(tag))) return false;
  std::vector<ir::Edge> edges{ir::Edge{otherwise, 0, {}}};
  std::set<int64_t> seen;
  for (size_t c = 0; c < s->clauses.size(); c++) {
    for (const Expr* e : s->clauses[c]->exprs) {
      const types::ExprInfo& i = info().of(e);
      if (!i.isConstant() || i.value->toInt().kind() != types::Constant::Kind::Int) return false;
      int64_t v = 0;
      uint64_t u = 0;
      types::Constant n = i.value->toInt();
      if (!n.int64Value(&v) && n.uint64Value(&u)) v = static_cast<int64_t>(u);
      if (seen.insert(v).second) edges.push_back(ir::Edge{bodies[c], v, {}});
    }
  }
  if (edges.size() - 1 < kIntegerSwitch) return false;
  b_.switchOn(tag, std::move(edges));
  return true;
}

// The number that wordOf says for a constant, of a string that is known to be `length` bytes long (not none).
ValueId FunctionGen::stringWord(ValueId tag, size_t length, size_t offset) {
  const TypeId word = T().basic(TypeKind::Uint64);
  auto part = [&](TypeId type, size_t at, int64_t shift) {
    ValueId v = b_.emit(Op::StringWord, type, {tag}, static_cast<int64_t>(at));
    if (type != word) v = b_.convert(Op::Convert, word, v);
    return shift == 0 ? v : b_.binary(Op::Shl, v, b_.constInt(word, shift));
  };
  const TypeId one = T().uint8Type(), two = T().basic(TypeKind::Uint16), four = T().basic(TypeKind::Uint32);
  switch (length) {
    case 1: return part(one, 0, 0);
    case 2: return part(two, 0, 0);
    case 3: return b_.binary(Op::Or, part(two, 0, 0), part(one, 2, 16));
    case 4: return part(four, 0, 0);
    case 5: case 6: case 7: return b_.binary(Op::Or, part(four, 0, 0), part(four, length - 4, 32));
    default: return part(word, offset, 0);
  }
}

// In the current block, for strings that are equally long; `cases` has at least one. Where several strings have the same word,
// they are told apart by what is left of them.
void FunctionGen::stringsOfLength(ValueId tag, std::vector<StringCase> cases, BlockId otherwise) {
  const size_t length = cases.front().value.size();
  if (length == 0) return b_.jump(cases.front().block);
  if (length > kTwoWords && cases.size() <= 2) return stringSearch(tag, cases, otherwise);
  auto byWord = [&](size_t at) {
    std::map<uint64_t, std::vector<StringCase>> groups;
    for (const StringCase& c : cases) groups[wordOf(c.value, at)].push_back(c);
    return groups;
  };
  size_t offset = 0;
  auto groups = byWord(0);
  const size_t last = length <= kWord ? 0 : length - kWord;
  for (size_t at = length <= kTwoWords ? last : 1; at <= std::min(last, kFarthestWord) && groups.size() < cases.size(); at++) {
    auto others = byWord(at);
    if (others.size() <= groups.size()) continue;
    groups = std::move(others);
    offset = at;
  }
  setPos(cases.front().pos);
  std::vector<ir::Edge> edges{ir::Edge{otherwise, 0, {}}};
  std::vector<std::pair<BlockId, std::vector<StringCase>*>> more;
  for (auto& [word, group] : groups) {
    BlockId to = group.front().block;
    if (length > kWord) more.emplace_back(to = b_.newBlock(), &group);
    edges.push_back(ir::Edge{to, static_cast<int64_t>(word), {}});
  }
  b_.switchOn(stringWord(tag, length, offset), std::move(edges));
  for (auto& [block, group] : more) {
    b_.setBlock(block);
    setPos(group->front().pos);
    if (length > kTwoWords) {
      stringSearch(tag, *group, otherwise);
      continue;
    }
    const size_t rest = offset == 0 ? last : 0;
    std::vector<ir::Edge> ends{ir::Edge{otherwise, 0, {}}};
    for (const StringCase& c : *group) ends.push_back(ir::Edge{c.block, static_cast<int64_t>(wordOf(c.value, rest)), {}});
    b_.switchOn(stringWord(tag, length, rest), std::move(ends));
  }
}

// `cases` is sorted by value, all equally long.
void FunctionGen::stringSearch(ValueId tag, std::span<const StringCase> cases, BlockId otherwise) {
  if (cases.size() <= kLinear) {
    for (size_t i = 0; i < cases.size(); i++) {
      BlockId next = i + 1 < cases.size() ? b_.newBlock() : otherwise;
      setPos(cases[i].pos);
      b_.branch(b_.binary(Op::Eq, tag, b_.constString(cases[i].value, b_.typeOf(tag))), cases[i].block, next);
      if (i + 1 < cases.size()) b_.setBlock(next);
    }
    return;
  }
  const size_t half = cases.size() / 2;
  BlockId left = b_.newBlock(), right = b_.newBlock();
  b_.branch(b_.binary(Op::Lt, tag, b_.constString(cases[half].value, b_.typeOf(tag))), left, right);
  b_.setBlock(left);
  stringSearch(tag, cases.subspan(0, half), otherwise);
  b_.setBlock(right);
  stringSearch(tag, cases.subspan(half), otherwise);
}

// `cases` is sorted by length, then by value, without equal ones.
void FunctionGen::stringTable(ValueId tag, std::span<const StringCase> cases, BlockId otherwise) {
  auto n = static_cast<int64_t>(cases.size());
  TypeId string = T().stringType();
  ir::Global& table = package_.addStatic(T().array(string, n), true);
  table.data.resize(cases.size() * 16);
  for (size_t i = 0; i < cases.size(); i++) {
    size_t size = cases[i].value.size();
    if (size == 0) continue;
    ir::Global::Reloc r;
    r.offset = static_cast<int64_t>(i * 16);
    r.kind = ir::Global::Reloc::StringData;
    r.sym = package_.module().intern(cases[i].value);
    table.relocs.push_back(r);
    std::memcpy(table.data.data() + i * 16 + 8, &size, sizeof size);
  }
  if (b_.typeOf(tag) != string) tag = b_.convert(Op::Bitcast, string, tag);
  ValueId len = b_.len(tag);
  // The table's part [low, high) is still to be looked at; what is before is less, what is behind is not.
  BlockId head = b_.newBlock(), look = b_.newBlock(), sameLength = b_.newBlock(), otherLength = b_.newBlock();
  BlockId up = b_.newBlock(), down = b_.newBlock(), found = b_.newBlock(), check = b_.newBlock(), enter = b_.newBlock();
  ValueId low = b_.addBlockParam(head, int_()), high = b_.addBlockParam(head, int_());
  auto at = [&](ValueId i) { return b_.load(b_.indexAddr(b_.globalAddr(table.name, table.type), i)); };
  b_.jump(head, {constInt(0), constInt(n)});
  b_.setBlock(head);
  b_.branch(b_.binary(Op::Lt, low, high), look, found);
  b_.setBlock(look);
  ValueId middle = b_.binary(Op::Shr, b_.binary(Op::Add, low, high), constInt(1));
  ValueId x = at(middle);
  ValueId xLen = b_.len(x);
  b_.branch(b_.binary(Op::Eq, xLen, len), sameLength, otherLength);
  b_.setBlock(sameLength);
  b_.branch(b_.binary(Op::Lt, x, tag), up, down);
  b_.setBlock(otherLength);
  b_.branch(b_.binary(Op::Lt, xLen, len), up, down);
  b_.setBlock(up);
  b_.jump(head, {b_.binary(Op::Add, middle, constInt(1)), high});
  b_.setBlock(down);
  b_.jump(head, {low, middle});
  b_.setBlock(found);
  b_.branch(b_.binary(Op::Lt, low, constInt(n)), check, otherwise);
  b_.setBlock(check);
  b_.branch(b_.binary(Op::Eq, at(low), tag), enter, otherwise);
  b_.setBlock(enter);
  std::vector<ir::Edge> edges{ir::Edge{otherwise, 0, {}}};
  for (int64_t i = 0; i < n; i++) edges.push_back(ir::Edge{cases[static_cast<size_t>(i)].block, i, {}});
  b_.switchOn(low, std::move(edges));
}

bool FunctionGen::stringSwitch(const SwitchStmt* s, ValueId tag, const std::vector<BlockId>& bodies, BlockId otherwise) {
  if (T().kind(b_.typeOf(tag)) != TypeKind::String) return false;
  std::vector<StringCase> cases;
  for (size_t c = 0; c < s->clauses.size(); c++) {
    for (const Expr* e : s->clauses[c]->exprs) {
      const types::ExprInfo& i = info().of(e);
      if (!i.isConstant() || i.value->kind() != types::Constant::Kind::String) return false;
      cases.push_back(StringCase{i.value->stringValue(), bodies[c], e->pos});
    }
  }
  if (cases.size() < kStringSearch) return false;
  auto less = [](const StringCase& a, const StringCase& b) {
    return a.value.size() != b.value.size() ? a.value.size() < b.value.size() : a.value < b.value;
  };
  std::stable_sort(cases.begin(), cases.end(), less);
  cases.erase(std::unique(cases.begin(), cases.end(),
                          [](const StringCase& a, const StringCase& b) { return a.value == b.value; }),
              cases.end());
  if (cases.size() >= kStringTable) {
    stringTable(tag, cases, otherwise);
  } else {
    std::map<size_t, std::vector<StringCase>> byLength;
    for (StringCase& c : cases) byLength[c.value.size()].push_back(std::move(c));
    std::vector<ir::Edge> edges{ir::Edge{otherwise, 0, {}}};
    std::vector<BlockId> blocks;
    for (const auto& [length, group] : byLength) {
      blocks.push_back(b_.newBlock());
      edges.push_back(ir::Edge{blocks.back(), static_cast<int64_t>(length), {}});
    }
    b_.switchOn(b_.len(tag), std::move(edges));
    auto block = blocks.begin();
    for (auto& [length, group] : byLength) {
      b_.setBlock(*block++);
      stringsOfLength(tag, std::move(group), otherwise);
    }
  }
  return true;
}

void FunctionGen::clauseBodies(std::span<CaseClause* const> clauses, const std::vector<BlockId>& bodies, BlockId end) {
  BlockId saved = fallthrough_;
  for (size_t c = 0; c < clauses.size(); c++) {
    fallthrough_ = c + 1 < clauses.size() ? bodies[c + 1] : end;
    b_.setBlock(bodies[c]);
    setPos(clauses[c]->pos);
    stmtList(clauses[c]->body);
    b_.jump(end);
  }
  fallthrough_ = saved;
}

void FunctionGen::switchStmt(const SwitchStmt* s) {
  if (s->init) stmt(s->init);
  setPos(s->pos);
  ValueId tag;
  if (s->tag) {
    InOrder order(*this, {s->tag});
    tag = expr(s->tag);
    setPos(s->pos);
  }
  BlockId end = b_.newBlock();
  targets_[s] = Targets{end, {}};
  std::vector<BlockId> bodies;
  BlockId otherwise = end;
  for (const CaseClause* c : s->clauses) {
    bodies.push_back(b_.newBlock());
    if (c->isDefault) otherwise = bodies.back();
  }
  // A constant tag chooses now, so that what is not chosen is dead code without optimisation, too: it may call what nobody defines.
  const types::ExprInfo* known = s->tag != nullptr && info().of(s->tag).isConstant() ? &info().of(s->tag) : nullptr;
  bool done = tag.isValid() && known == nullptr && !package_.options().without(ir::Optimisation::Switches) &&
              (integerSwitch(s, tag, bodies, otherwise) || stringSwitch(s, tag, bodies, otherwise));
  if (!done) {
    for (size_t c = 0; c < s->clauses.size(); c++) {
      for (const Expr* e : s->clauses[c]->exprs) {
        BlockId next = b_.newBlock();
        const types::ExprInfo& i = info().of(e);
        if (known != nullptr && i.isConstant() && !T().isInterface(map(i.type))) {
          b_.jump(types::constCompare(*known->value, types::ConstOp::Eq, *i.value) ? bodies[c] : next);
        } else if (tag.isValid()) {
          caseTest(tag, e, bodies[c], next);
        } else if (T().isInterface(typeOf(e))) {
          // `switch { case x: }` is `switch true { ... }`, and x may be an interface value.
          caseTest(b_.constBool(true), e, bodies[c], next);
        } else {
          condition(e, bodies[c], next);
        }
        b_.setBlock(next);
      }
    }
    b_.jump(otherwise);
  }
  clauseBodies(s->clauses, bodies, end);
  b_.setBlock(end);
}

}  // namespace burrow::irgen
