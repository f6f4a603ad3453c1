package runtime

import "unsafe"

// Callers fills pc with the return addresses of the calling goroutine's stack, one for each call, whether it was inlined or
// not; skip 0 is Callers itself, 1 its caller.
func Callers(skip int, pc []uintptr) int {
	if len(pc) == 0 {
		return 0
	}
	return callers(skip, unsafe.Pointer(&pc[0]), len(pc))
}

//go:noescape
func callers(skip int, pcs unsafe.Pointer, n int) int

// Caller says where a call was made: skip 0 is the caller of Caller.
func Caller(skip int) (pc uintptr, file string, line int, ok bool) {
	var pcs [1]uintptr
	if callers(skip+1, unsafe.Pointer(&pcs), 1) < 1 {
		return
	}
	var f frameInfo
	if !frameAt(pcs[0], &f) {
		return
	}
	return pcs[0] - 1, f.file, f.line, true
}

// In a pc of Callers the upper bits count the inlined calls inside the one that is meant (runtime/symtab/callers.cpp).
const pcMask = 1<<48 - 1

// frameInfo is what the function table says about one logical frame; C++ fills it.
type frameInfo struct {
	function, file  string
	line, startLine int
	entry           uintptr // of the function that was inlined into, when inlined
	fn              unsafe.Pointer
	inlined         bool
}

// frameAt describes the call that a pc of Callers stands for.
//
//go:noescape
func frameAt(pc uintptr, f *frameInfo) bool

// inlinedInto fills pcs with the calls that the one at pc was inlined into and says how many there are.
//
//go:noescape
func inlinedInto(pc uintptr, pcs unsafe.Pointer, n int) int

// A Frame is one call of a stack.
type Frame struct {
	PC       uintptr // of the calling instruction
	Func     *Func   // nil for calls that were inlined
	Function string
	File     string
	Line     int

	startLine int
	symbol    string // Function with its type arguments

	Entry uintptr
}

// Frames walks the frames behind the addresses that Callers gave.
type Frames struct {
	callers []uintptr
}

// CallersFrames prepares to walk; callers must not change meanwhile.
func CallersFrames(callers []uintptr) *Frames { return &Frames{callers: callers} }

// Next returns the next frame, from the innermost outwards, and whether there are more.
func (ci *Frames) Next() (frame Frame, more bool) {
	for len(ci.callers) > 0 {
		pc := ci.callers[0]
		ci.callers = ci.callers[1:]
		if pc == 0 {
			continue
		}
		var f frameInfo
		if !frameAt(pc, &f) {
			return Frame{PC: pc - 1}, len(ci.callers) > 0
		}
		if f.entry == pc { // not a return address
			pc++
		}
		frame = Frame{PC: pc - 1, Function: printedName(f.function), File: f.file, Line: f.line, startLine: f.startLine,
			symbol: f.function, Entry: f.entry}
		if !f.inlined {
			frame.Func = (*Func)(f.fn)
		}
		return frame, len(ci.callers) > 0
	}
	return Frame{}, false
}

// A Func is a function of the program: in truth an entry of the function table, or an inlinedFunc.
type Func struct {
	opaque struct{}
}

// inlinedFunc stands for a function where it was inlined. No entry of the function table begins with its mark.
type inlinedFunc struct {
	mark  uint32
	name  string
	entry uintptr // of the function that was inlined into
	file  string
	line  int
}

const inlinedMark = ^uint32(0)

// inlined is f taken for an inlinedFunc, or nil.
func (f *Func) inlined() *inlinedFunc {
	if in := (*inlinedFunc)(unsafe.Pointer(f)); in.mark == inlinedMark {
		return in
	}
	return nil
}

// FuncForPC is the function that contains the address, nil when none does. For an address in an inlined call it is the
// innermost function that was inlined there, with the entry of the outermost.
func FuncForPC(pc uintptr) *Func {
	fn := findfunc(pc & pcMask)
	if fn == nil {
		return nil
	}
	var f frameInfo
	// At the entry it is the function itself, whatever the first instruction belongs to.
	if pc == funcEntry(fn) || !inInlinedCall(pc+1) || !frameAt(pc+1, &f) {
		return (*Func)(fn)
	}
	return (*Func)(unsafe.Pointer(&inlinedFunc{inlinedMark, f.function, f.entry, f.file, f.line}))
}

func findfunc(pc uintptr) unsafe.Pointer

// inInlinedCall reports whether the instruction before pc, a return address, belongs to a call that was inlined.
func inInlinedCall(pc uintptr) bool

func funcName(f unsafe.Pointer) string
func funcEntry(f unsafe.Pointer) uintptr

// Name is the function's name, "main.(*T).M".
func (f *Func) Name() string {
	if f == nil {
		return ""
	}
	if in := f.inlined(); in != nil {
		return printedName(in.name)
	}
	return printedName(funcName(unsafe.Pointer(f)))
}

// printedName is a function's name with [...] for its type arguments, as gc shows it and as tracebacks here do
// (runtime/symtab/traceback.cpp): "main.(*List[...]).Map[...]".
func printedName(name string) string {
	shown, depth, from := "", 0, 0
	for i := 0; i < len(name); i++ {
		switch name[i] {
		case '[':
			if depth == 0 {
				shown += name[from:i] + "[...]"
			}
			depth++
		case ']':
			if depth--; depth == 0 {
				from = i + 1
			}
		case '"': // of a tag, in which brackets are text
			for i++; i < len(name) && name[i] != '"'; i++ {
				if name[i] == '\\' {
					i++
				}
			}
		}
	}
	if from == 0 {
		return name
	}
	return shown + name[from:]
}

// Entry is the address of its first instruction.
func (f *Func) Entry() uintptr {
	if in := f.inlined(); in != nil {
		return in.entry
	}
	return funcEntry(unsafe.Pointer(f))
}

// FileLine says which source line the code at pc belongs to.
func (f *Func) FileLine(pc uintptr) (file string, line int) {
	if in := f.inlined(); in != nil {
		return in.file, in.line
	}
	var info frameInfo
	if !frameAt(pc+1, &info) {
		return "?", 0
	}
	return info.file, info.line
}
