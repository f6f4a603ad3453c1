// Mutation of Go source by tokens, for the targets behind the parser: almost no input of a byte mutator gets that far.
//
// A mutation cuts the text into tokens and changes a few of them so that the rest still parses more often than not:
// a name becomes another name of the file, an operator another operator of its class, a literal another literal;
// balanced groups (a bracket with all that it encloses, or what stands between two commas or semicolons at one level) are
// dropped, doubled, swapped, moved into other places, and taken from another input. One time in eight libFuzzer's own
// mutator has the bytes instead.
//
// Rejected: mutating the tree and printing it. The printer prints what the parser understood, so that texts that are
// only almost programs would never be tried.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace burrow::fuzz {

struct Piece {
  std::string text;
  uint8_t kind;  // a syntax::Token
};

class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}
  std::string mutate(std::string_view text);
  std::string crossOver(std::string_view text, std::string_view other);

 private:
  struct Range {
    size_t from, to;  // pieces [from, to)
  };
  size_t pick(size_t n) { return n == 0 ? 0 : random_() % n; }
  void step();
  void replaceToken();
  bool group(const std::vector<Piece>& pieces, Range* out);
  bool item(const std::vector<Piece>& pieces, Range* out);
  std::string name();
  std::string join() const;

  std::mt19937 random_;
  std::vector<Piece> pieces_;
};

}  // namespace burrow::fuzz
