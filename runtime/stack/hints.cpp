// How large a goroutine's first stack segment is.
//
// The problem: goroutines that need more than 2 KB pay for a second segment, and for the boundary each time they cross it; but what one
// of them needs says little about the others. A server whose first connections were deep must not give 32 KB to each of the hundred
// thousand that wait (measured: 3260 MB instead of 255).
//
// So a go statement's guess (a hint) is given away on credit. When a goroutine outgrows the whole guess, the guess doubles. The next
// `grant` goroutines get it; then half of it is given, until one of those outgrows that half: only this proves that the guess is still
// needed. It is then given `grant` times more, twice as often as before when the proof came soon, half as often when it came late:
// with every goroutine deep one in hundreds starts with less, with one in a hundred deep about one in a hundred with more. When no
// proof comes at all, the guess is halved. All feedback is from goroutines that grow, none from those that end: these may never.
//
// The table has no locks: a lost update, or two statements that share an entry, only make a guess worse.
#include "sched/proc.h"
#include "stack/stack.h"

namespace burrow::rt {

namespace {

constexpr uint32_t kFirstGrant = 8;
constexpr size_t kGrantBytes = 8 << 20;  // of a grant at most: what a wrong guess can cost
constexpr uint32_t kSoon = 32;           // proofs that come after so many goroutines with less, at most, say that most need the guess
constexpr uint32_t kNever = 64;          // and so many without a proof, and a quarter of the grant more, that none does

uint32_t get(const uint32_t& field) { return __atomic_load_n(&field, __ATOMIC_RELAXED); }
void set(uint32_t& field, uint32_t value) { __atomic_store_n(&field, value, __ATOMIC_RELAXED); }

}  // namespace

StackHint stackHints[1 << kStackHintBits];

size_t firstStackSize(uint64_t key) {
  StackHint& h = stackHint(key);
  const uint32_t level = get(h.level), left = get(h.left), less = get(h.less);
  if (level == 0) return kStackMin;
  if (left != 0) {
    set(h.left, left - 1);
    return kStackMin << level;
  }
  set(h.less, less + 1);
  if (less > kNever + get(h.grant) / 4) {
    set(h.level, level - 1);
    set(h.grant, kFirstGrant);
    set(h.less, 0);
  }
  return kStackMin << (level - 1);
}

void learnStackSize(G* gp) {
  StackHint& h = stackHint(gp->hintKey);
  uint32_t level = get(h.level), grant = get(h.grant);
  const size_t had = gp->stack.hi - gp->stack.lo;
  if (had >= kStackMaxCached) return;
  if (had >= (kStackMin << level)) {
    set(h.level, ++level);
    grant = kFirstGrant;
  } else {
    grant = get(h.less) <= kSoon ? minOf<uint32_t>(grant * 2, uint32_t(kGrantBytes / kStackMin) >> level) : grant / 2 + 1;
  }
  set(h.grant, grant);
  set(h.left, grant);
  set(h.less, 0);
}

}  // namespace burrow::rt
