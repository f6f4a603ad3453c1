// The layout of an executable.
//
//   segment   sections                                              symbols around them (start, end)
//   R         headers, notes, .rodata, .go.type, .go.itab             runtime.rodata/erodata types/etypes itabs/eitabs
//             typelink, itablink                                    __start_ and __stop_ by the linker
//   RX        .text                                                 runtime.text/etext
//   RW        .noptrdata .data .noptrbss .bss                       one pair each, with Go's names
//   R         .gopclntab                                            runtime.pclntab
//
// Pointer-free data and bss stand apart so that the collector scans only .data and .bss. The function table comes last, in
// a segment of its own: its size is known only when everything else has its address (finish.h). Segments follow each other in the
// file without padding to pages: a page with the end of one and the beginning of the next is mapped for both.
// The function table's place in its page is where .data, rounded up as an empty .noptrbss is, ends in the file.
// The executable is linked at 4 MB like gc's, which keeps all addresses of code and data in 32 bits.
#include "link/script.h"

namespace burrow::link {

std::string linkerScript() {
  return R"(ENTRY(_rt0_amd64_linux)
PHDRS {
  headers PT_PHDR PHDRS FLAGS(4);
  note PT_NOTE FLAGS(4);
  rodata PT_LOAD FILEHDR PHDRS FLAGS(4);
  text PT_LOAD FLAGS(5);
  data PT_LOAD FLAGS(6);
  functab PT_LOAD FLAGS(4);
  stack PT_GNU_STACK FLAGS(6);
}
SECTIONS {
  . = 0x400000 + SIZEOF_HEADERS;
  .note.gnu.build-id : { KEEP(*(.note.gnu.build-id)) } :rodata :note
  .go.buildinfo : ALIGN(16) { KEEP(*(.go.buildinfo)) } :rodata
  .rodata : {
    "runtime.rodata" = .;
    *(.rodata .rodata.*)
    . = ALIGN(4);
    "runtime.boothooks" = .;
    *(.burrow.boot)
    "runtime.eboothooks" = .;
    "runtime.erodata" = .;
  } :rodata
  .data.rel.ro : { *(.data.rel.ro .data.rel.ro.*) } :rodata
  .go.type : ALIGN(16) {
    "runtime.types" = .;
    *(.go.types .go.types.*)
    "runtime.etypes" = .;
  } :rodata
  .go.itab : ALIGN(16) {
    "runtime.itabs" = .;
    *(.go.itabs .go.itabs.*)
    "runtime.eitabs" = .;
  } :rodata
  typelink : { *(typelink) } :rodata
  itablink : { *(itablink) } :rodata
  . = ALIGN(CONSTANT(MAXPAGESIZE)) + (. & (CONSTANT(MAXPAGESIZE) - 1));
  .text : ALIGN(64) {
    "runtime.text" = .;
    *(.text .text.*)
    "runtime.etext" = .;
  } :text
  . = ALIGN(CONSTANT(MAXPAGESIZE)) + (. & (CONSTANT(MAXPAGESIZE) - 1));
  .noptrdata : ALIGN(32) {
    "runtime.noptrdata" = .;
    *(.noptrdata .noptrdata.*)
    "runtime.enoptrdata" = .;
  } :data
  .data : ALIGN(32) {
    "runtime.data" = .;
    *(.data .data.* .got .got.plt)
    "runtime.edata" = .;
  } :data
  .noptrbss : ALIGN(32) {
    "runtime.noptrbss" = .;
    *(.noptrbss .noptrbss.* .bss.noptr.*)
    "runtime.enoptrbss" = .;
  } :data
  .bss : ALIGN(32) {
    "runtime.bss" = .;
    *(.bss .bss.* COMMON)
    "runtime.ebss" = .;
  } :data
  "runtime.end" = .;
  . = ALIGN(CONSTANT(MAXPAGESIZE)) + (ALIGN(ADDR(.data) + SIZEOF(.data), 64) & (CONSTANT(MAXPAGESIZE) - 1));
  .gopclntab : { KEEP(*(.gopclntab)) } :functab
  /DISCARD/ : { *(.eh_frame .llvm_faultmaps .llvm_stackmaps .note.GNU-stack .note.GNU-no-split-stack .note.GNU-split-stack .note.burrow.splitstk .comment .llvm_addrsig) }
  .burrow.functab 0 : { *(.burrow.functab) }
  .burrow.layout 0 : { *(.burrow.layout) }
}
)";
}

}  // namespace burrow::link
