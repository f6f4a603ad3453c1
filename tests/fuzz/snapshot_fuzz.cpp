// Snapshots and executables that are damaged: every view of the inspector answers or refuses, whatever it reads.
//
// An input is a list of changes to a good snapshot and its executable ($FUZZ_SNAPSHOT, $FUZZ_EXECUTABLE; run.sh makes them):
// eight bytes each, of which the first says in which file and how many bytes, three say where, and four what to put there. So
// an input of a few bytes gets as deep as the reader goes; random files would all end at the first magic number.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "inspect/objects.h"
#include "inspect/target.h"
#include "inspect/views.h"
#include "inspect/waits.h"

using namespace burrow::inspect;

namespace {

constexpr size_t kChange = 8;
constexpr uint64_t kHeapStart = 0xc000000000;

struct File {
  std::string good;
  int fd = -1;
  std::string path;

  explicit File(const char* variable) {
    const char* name = std::getenv(variable);
    const int from = name ? ::open(name, O_RDONLY) : -1;
    struct stat st;
    if (from < 0 || ::fstat(from, &st) != 0) {
      std::fprintf(stderr, "$%s names no file\n", variable);
      std::exit(1);
    }
    good.resize(size_t(st.st_size));
    for (size_t done = 0; done < good.size();) {
      const ssize_t n = ::read(from, good.data() + done, good.size() - done);
      if (n <= 0) std::exit(1);
      done += size_t(n);
    }
    ::close(from);
    fd = ::memfd_create(variable, 0);
    path = "/proc/self/fd/" + std::to_string(fd);
    put(0, good.data(), good.size());
  }
  void put(size_t at, const char* bytes, size_t size) {
    if (::pwrite(fd, bytes, size, off_t(at)) != ssize_t(size)) std::exit(1);
  }
};

void look(const std::string& snapshot, const std::string& executable) {
  std::string error;
  std::unique_ptr<Target> target = Target::open(snapshot, executable, &error);
  if (!target) return;
  Program& program = *target->program;
  Page page;
  initsPage(program, page);
  sizePage(program, page, 20);
  typesJson(program, "");
  initsJson(program);
  if (!program.hasLayout()) return;
  if (Heap heap; readHeap(*target, &heap, &error)) {
    heapPage(*target, heap, page);
    heapJson(*target, heap);
    spansPage(*target, heap, {}, page);
    spansJson(*target, heap, {});
  }
  GoroutineOptions options;
  options.system = options.dead = true;
  if (std::vector<Goroutine> list; readGoroutines(*target, options, &list, &error)) {
    goroutinesPage(*target, list, {true, true, {}}, page);
    goroutinesJson(*target, list, {false, true, {}});
  }
  if (Scheduler s; readScheduler(*target, &s, &error)) schedPage(*target, s, page), schedJson(*target, s);
  if (GcWorkInfo w; readGcWork(*target, &w, &error)) gcworkPage(*target, w, page), gcworkJson(*target, w), gcworkDot(*target, w);
  if (ObjectGraph graph; graph.build(*target, &error)) {
    graph.computeDominators();
    objectsJson(*target, graph, true);
    keepPage(*target, graph, kHeapStart, page);
    leakPage({"before", {}}, {"after", graph.byType()}, page);
    leakJson({"before", {}}, {"after", graph.byType()});
  }
  if (WaitGraph graph; readWaits(*target, &graph, &error)) waitsPage(*target, graph, page), waitsJson(*target, graph), waitsDot(*target, graph);
  whatPage(*target, kHeapStart, page);
  printable(page.out);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static File files[2] = {File("FUZZ_SNAPSHOT"), File("FUZZ_EXECUTABLE")};
  struct Place {
    int file;
    size_t at, size;
  };
  std::vector<Place> changed;
  for (; size >= kChange && changed.size() < 32; data += kChange, size -= kChange) {
    File& f = files[data[0] & 1];
    const size_t width = size_t{1} << (data[0] >> 1 & 3);
    size_t at = (size_t(data[1]) | size_t(data[2]) << 8 | size_t(data[3]) << 16) % f.good.size() & ~(width - 1);
    if (at + width > f.good.size()) continue;
    uint32_t low;
    std::memcpy(&low, data + 4, 4);
    // Numbers, small negative ones, addresses in the heap.
    const uint64_t value = data[0] & 8 ? kHeapStart + low : uint64_t(int64_t(int32_t(low)));
    f.put(at, reinterpret_cast<const char*>(&value), width);
    changed.push_back({data[0] & 1, at, width});
  }
  look(files[0].path, files[1].path);
  for (const Place& p : changed) files[p.file].put(p.at, files[p.file].good.data() + p.at, p.size);
  return 0;
}
