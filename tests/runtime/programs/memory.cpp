// Allocation on many goroutines at once, maps between them, and memory that is committed as it is touched.
// want-stderr: virtual at once true, resident step by step true\nobjects intact 16\nmaps intact 16\n0.1 -1e+300 (1+2i)\n
// want-exit: 0
#include "chan/chan.h"
#include "gc/barrier.h"
#include "map/map.h"
#include "mem/malloc.h"
#include "mem/mem_stats.h"
#include "print/print.h"
#include "string/hash.h"
#include "string/string.h"
#include "support.h"
using namespace test;

static uint8_t noPointers[8], firstWord[8] = {1};
static burrow::abi::Type word = {.size = 8, .ptrBytes = 0, .tflag = burrow::abi::kTFlagRegularMemory, .align = 8,
                                 .fieldAlign = 8, .kind = burrow::abi::kUint64, .gcData = noPointers};
static burrow::abi::Type node = {.size = 32, .ptrBytes = 8, .align = 8, .fieldAlign = 8,
                                 .kind = burrow::abi::kStruct, .gcData = firstWord};
static burrow::abi::Type group = {.size = 136, .ptrBytes = 0, .align = 8, .fieldAlign = 8,
                                  .kind = burrow::abi::kStruct, .gcData = noPointers};
static burrow::abi::ChanType done;
static burrow::abi::MapType words;
static HChan* finished;

// Size of the process in pages: {virtual, resident}.
static void processSize(uint64_t out[2]) {
  char text[128] = {};
  const int64_t fd = burrow::rt::open("/proc/self/statm", 0, 0);
  CHECK(fd >= 0 && burrow::rt::read(int(fd), text, sizeof text - 1) > 0);
  burrow::rt::closefd(int(fd));
  const char* p = text;
  for (int i = 0; i < 2; i++) {
    out[i] = 0;
    for (; *p >= '0' && *p <= '9'; p++) out[i] = out[i] * 10 + uint64_t(*p - '0');
    p++;
  }
}

struct Node {
  Node* next;
  uint64_t owner, number, pad;
};
static void listMaker(Closure* self) {
  Node* head = nullptr;
  for (uint64_t i = 0; i < 20000; i++) {
    auto* n = static_cast<Node*>(newobject(&node));
    CHECK(n->next == nullptr && n->owner == 0 && n->number == 0);
    // As compiled code stores a pointer: without the barrier, what only `head` knows would be lost while marking.
    storePointer(&n->next, head);
    n->owner = self->more;
    n->number = i;
    head = n;
    auto* junk = static_cast<uint8_t*>(mallocgc(1 + i % 3000, nullptr, true));
    CHECK(junk[i % 3000 / 2] == 0);
    junk[0] = 1;
  }
  uint64_t good = 1, i = 20000;
  for (Node* n = head; n; n = n->next) good &= n->owner == self->more && n->number == --i;
  good &= i == 0;
  chansend1(finished, &good);
}
static void mapMaker(Closure* self) {
  Map* m = makemap_small();
  for (uint64_t i = 0; i < 20000; i++) *static_cast<uint64_t*>(mapassign_fast64(&words, m, i * 7)) = i + self->more;
  for (uint64_t i = 0; i < 20000; i += 2) mapdelete_fast64(&words, m, i * 7);
  uint64_t sum = 0, n = 0, good = 1;
  Iter it{};
  for (mapIterStart(&words, m, &it); it.key; mapIterNext(&it)) {
    n++;
    sum += *static_cast<uint64_t*>(it.elem) - self->more;
  }
  good &= n == 10000 && sum == 100000000;
  for (uint64_t i = 0; i < 20000; i++) good &= mapaccess2_fast64(&words, m, i * 7).ok == (i % 2 == 1);
  chansend1(finished, &good);
}

static void onMany(const char* what, void (*fn)(Closure*)) {
  static Closure c[16];
  for (uint64_t i = 0; i < 16; i++) {
    c[i] = closure(fn, nullptr, i);
    newproc(asFunc(&c[i]));
  }
  uint64_t good = 0, v;
  for (int i = 0; i < 16; i++) {
    chanrecv1(finished, &v);
    good += v;
  }
  rtPrint(what, " intact ", good, "\n");
}

GOABI void mainMain() {
  constexpr uint64_t kBig = 16 << 20, kCount = 4;
  uint64_t before[2], made[2], touched[2];
  processSize(before);
  uint8_t* big[kCount];
  for (uint8_t*& b : big) b = static_cast<uint8_t*>(mallocgc(kBig, nullptr, true));
  processSize(made);
  const bool atOnce = (made[0] - before[0]) * 4096 >= kBig * kCount && (made[1] - before[1]) * 4096 < kBig / 4;
  bool steps = true;
  uint64_t last = made[1];
  for (uint8_t* b : big) {
    for (uint64_t i = 0; i < kBig; i += 4096) b[i] = 1;
    processSize(touched);
    steps &= (touched[1] - last) * 4096 >= kBig * 9 / 10 && (touched[1] - last) * 4096 < kBig * 11 / 10;
    last = touched[1];
  }
  rtPrint("virtual at once ", atOnce ? "true" : "false", ", resident step by step ", steps ? "true" : "false", "\n");

  done.elem = &word;
  finished = makechan(&done, 0);
  words.key = words.elem = &word;
  words.group = &group;
  words.groupSize = 136;
  words.keysOff = 8;
  words.keyStride = words.elemStride = 16;
  words.elemsOff = 16;
  words.elemOff = 8;
  static FuncVal hasher{reinterpret_cast<void*>(&memhash64)};
  words.hasher = &hasher;
  onMany("objects", listMaker);
  onMany("maps", mapMaker);

  static GoMemStats stats;
  readMemStats(&stats);
  CHECK(stats.mallocs >= 16 * 40000 && stats.heapSys == stats.heapIdle + stats.heapInuse);
  CHECK(stats.heapInuse >= stats.heapAlloc);

  printlock();
  printfloat64(0.1);
  printsp();
  printfloat64(-1e300);
  printsp();
  printcomplex128(1, 2);
  printnl();
  printunlock();
}
