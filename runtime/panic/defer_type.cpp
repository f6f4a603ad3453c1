// The heap's view of a DeferRecord: 24 bytes, of which the first two words (link, fn) are pointers. Records made by a defer
// statement in a loop are ordinary heap objects, found through the DeferFrame of the function that made them.
#include "abi/type.h"
#include "mem/malloc.h"
#include "panic/panic.h"

namespace burrow::rt {

namespace {
uint8_t deferRecordMask[] = {0b011};
static_assert(offsetof(abi::DeferRecord, link) == 0 && offsetof(abi::DeferRecord, fn) == 8);
abi::Type deferRecordType = {
    .size = sizeof(abi::DeferRecord), .ptrBytes = 16, .hash = 0, .tflag = 0, .align = 8, .fieldAlign = 8,
    .kind = abi::kStruct, .equal = nullptr, .gcData = deferRecordMask, .str = 0, .ptrToThis = 0};
}  // namespace

void* newDeferRecord() { return mallocgc(sizeof(abi::DeferRecord), &deferRecordType, true); }

}  // namespace burrow::rt
