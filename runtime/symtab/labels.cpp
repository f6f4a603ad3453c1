// See labels.h.
#include "symtab/labels.h"

#include "boot/boot.h"
#include "panic/rt_print.h"
#include "string/utf8.h"

namespace burrow::rt {

namespace {

// As internal/runtime/pprof/label.Set.
struct Label {
  GoString key, value;
};
struct LabelSet {
  Label* list;
  int64_t len, cap;
};

bool plain(GoString s) {
  for (int64_t i = 0; i < s.len; i++) {
    const uint8_t c = s.data[i], lower = c | 0x20;
    if (!((lower >= 'a' && lower <= 'z') || (c >= '.' && c <= '9') || c == '_')) return false;
  }
  return true;
}

void printEscape(char kind, int digits, uint32_t value) {
  char text[10] = {'\\', kind};
  for (int i = 0; i < digits; i++) text[2 + i] = "0123456789abcdef"[value >> 4 * (digits - 1 - i) & 15];
  gwrite(text, uint64_t(2 + digits));
}

void printQuoted(GoString s) {
  rtPrint("\"");
  for (int64_t i = 0; i < s.len;) {
    const Rune r = decodeRuneAt(s.data + i, uint64_t(s.len - i));
    const uint8_t byte = s.data[i];
    i += r.size;
    if (r.rune == '\n') rtPrint("\\n");
    else if (r.rune == '\r') rtPrint("\\r");
    else if (r.rune == '\t') rtPrint("\\t");
    else if (r.rune == '\\') rtPrint("\\\\");
    else if (r.rune == '"') rtPrint("\\\"");
    else if (r.rune >= ' ' && r.rune <= '~') gwrite(&byte, 1);
    else if (r.size == 1 && r.rune == kRuneError) printEscape('x', 2, byte);
    else if (r.rune < 127) printEscape('x', 2, r.rune);
    else if (r.rune < 0x10000) printEscape('u', 4, r.rune);
    else printEscape('U', 8, r.rune);
  }
  rtPrint("\"");
}

void printText(GoString s) { plain(s) ? printstring(s) : printQuoted(s); }

}  // namespace

void printLabels(G* gp) {
  auto* set = static_cast<const LabelSet*>(gp->labels);
  if (set->len == 0 || debug.tracebacklabels != 1) return;
  rtPrint(" {");
  for (int64_t i = 0; i < set->len; i++) {
    if (i > 0) rtPrint(", ");
    printText(set->list[i].key);
    rtPrint(": ");
    printText(set->list[i].value);
  }
  rtPrint("}");
}

}  // namespace burrow::rt
