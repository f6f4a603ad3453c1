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
//
// A position-independent executable is linked at 0: its link-time addresses are distances from where it will lie. What is
// read-only once the boot has relocated it (runtime/boot/relocate_amd64.S) has a segment of its own then, between code and data:
//
//   RW        .data.rel.ro .go.type .go.itab typelink itablink .got .dynamic      runtime.relro/erelro
//
// and the first segment holds the list of what to relocate, .relr.dyn, between runtime.relr and runtime.erelr. The symbols of
// an empty dynamic symbol table are there because .dynamic names them; .dynamic because readelf, file and debuggers look
// there for what the file is.
#include "link/script.h"

#include <fmt/format.h>

namespace burrow::link {

namespace {

constexpr std::string_view kHeaders = R"(PHDRS {
  headers PT_PHDR PHDRS FLAGS(4);
  note PT_NOTE FLAGS(4);
  rodata PT_LOAD FILEHDR PHDRS FLAGS(4);
  text PT_LOAD FLAGS(5);
)";
constexpr std::string_view kRelroHeaders = R"(  relro PT_LOAD FLAGS(6);
  dynamic PT_DYNAMIC FLAGS(6);
  protected PT_GNU_RELRO FLAGS(4);
)";
constexpr std::string_view kLastHeaders = R"(  data PT_LOAD FLAGS(6);
  functab PT_LOAD FLAGS(4);
  stack PT_GNU_STACK FLAGS(6);
}
)";

constexpr std::string_view kRodata = R"(  .note.gnu.build-id : { KEEP(*(.note.gnu.build-id)) } :rodata :note
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
)";
constexpr std::string_view kDynamicLists = R"(  .dynsym : { *(.dynsym) } :rodata
  .gnu.hash : { *(.gnu.hash) } :rodata
  .dynstr : { *(.dynstr) } :rodata
  .relr.dyn : ALIGN(8) {
    "runtime.relr" = .;
    *(.relr.dyn)
    "runtime.erelr" = .;
  } :rodata
)";
// What holds addresses and is never written to by the program.
constexpr std::string_view kConstants = R"(  .data.rel.ro : {{ {1}*(.data.rel.ro .data.rel.ro.*) }} {0}
  .go.type : ALIGN(16) {{
    "runtime.types" = .;
    *(.go.types .go.types.*)
    "runtime.etypes" = .;
  }} {0}
  .go.itab : ALIGN(16) {{
    "runtime.itabs" = .;
    *(.go.itabs .go.itabs.*)
    "runtime.eitabs" = .;
  }} {0}
  typelink : {{ *(typelink) }} {0}
  itablink : {{ *(itablink) }} {0}
)";
constexpr std::string_view kNextPage = "  . = ALIGN(CONSTANT(MAXPAGESIZE)) + (. & (CONSTANT(MAXPAGESIZE) - 1));\n";
constexpr std::string_view kText = R"(  .text : ALIGN(64) {
    "runtime.text" = .;
    *(.text .text.*)
    "runtime.etext" = .;
  } :text
)";
constexpr std::string_view kData = R"(  .noptrdata : ALIGN(32) {{
    "runtime.noptrdata" = .;
    *(.noptrdata .noptrdata.*)
    "runtime.enoptrdata" = .;
  }} :data
  .data : ALIGN(32) {{
    "runtime.data" = .;
    *(.data .data.*{0})
    "runtime.edata" = .;
  }} :data
  .noptrbss : ALIGN(32) {{
    "runtime.noptrbss" = .;
    *(.noptrbss .noptrbss.* .bss.noptr.*)
    "runtime.enoptrbss" = .;
  }} :data
  .bss : ALIGN(32) {{
    "runtime.bss" = .;
    *(.bss .bss.* COMMON)
    "runtime.ebss" = .;
  }} :data
  "runtime.end" = .;
  . = ALIGN(CONSTANT(MAXPAGESIZE)) + (ALIGN(ADDR(.data) + SIZEOF(.data), 64) & (CONSTANT(MAXPAGESIZE) - 1));
  .gopclntab : {{ KEEP(*(.gopclntab)) }} :functab
  /DISCARD/ : {{ *(.eh_frame .llvm_faultmaps .llvm_stackmaps .note.GNU-stack .note.GNU-no-split-stack .note.GNU-split-stack .note.burrow.splitstk .comment .llvm_addrsig) }}
  .burrow.functab 0 : {{ *(.burrow.functab) }}
  .burrow.layout 0 : {{ *(.burrow.layout) }}
}}
)";

std::string fixedScript() {
  std::string script = fmt::format("ENTRY({})\n", entrySymbol(false));
  for (std::string_view part : {kHeaders, kLastHeaders}) script += part;
  script += "SECTIONS {\n  . = 0x400000 + SIZEOF_HEADERS;\n";
  script += kRodata;
  script += fmt::format(kConstants, ":rodata", "");
  for (std::string_view part : {kNextPage, kText, kNextPage}) script += part;
  return script + fmt::format(kData, " .got .got.plt");
}

std::string pieScript() {
  std::string script = fmt::format("ENTRY({})\n", entrySymbol(true));
  for (std::string_view part : {kHeaders, kRelroHeaders, kLastHeaders}) script += part;
  script += "SECTIONS {\n  . = SIZEOF_HEADERS;\n";
  for (std::string_view part : {kRodata, kDynamicLists, kNextPage, kText, kNextPage}) script += part;
  script += fmt::format(kConstants, ":relro :protected", "\"runtime.relro\" = .; ");
  script += "  .got : { *(.got .got.plt) } :relro :protected\n";
  script += "  .dynamic : { *(.dynamic) \"runtime.erelro\" = .; } :relro :protected :dynamic\n";
  script += kNextPage;
  return script + fmt::format(kData, "");
}

}  // namespace

const char* entrySymbol(bool positionIndependent) { return positionIndependent ? "_rt0_amd64_linux_pie" : "_rt0_amd64_linux"; }

std::string linkerScript(bool positionIndependent) { return positionIndependent ? pieScript() : fixedScript(); }

}  // namespace burrow::link
