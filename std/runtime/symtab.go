package runtime

import "unsafe"

// Callers fills pc with the return addresses of the calling goroutine's stack; skip 0 is Callers itself, 1 its caller. One entry
// may stand for several calls that were inlined into each other: CallersFrames tells them apart.
func Callers(skip int, pc []uintptr) int {
	if len(pc) == 0 {
		return 0
	}
	return callers(skip, unsafe.Pointer(&pc[0]), len(pc))
}

func callers(skip int, pcs unsafe.Pointer, n int) int

// Caller says where a call was made: skip 0 is the caller of Caller.
func Caller(skip int) (pc uintptr, file string, line int, ok bool) {
	var pcs [1]uintptr
	if callers(skip+1, unsafe.Pointer(&pcs), 1) < 1 {
		return
	}
	var f frameInfo
	if !frameAt(pcs[0], 0, &f) {
		return
	}
	return pcs[0] & pcMask, f.file, f.line, true
}

// In a pc of Callers the upper bits count the innermost inlined calls that are to be left out.
const pcMask = 1<<48 - 1

// frameInfo is what the function table says about one logical frame; C++ fills it.
type frameInfo struct {
	function, file         string
	line, startLine        int
	entry                  uintptr
	fn                     unsafe.Pointer
	inlined, more, wrapper bool // more: the frame was inlined into another one
}

// frameAt describes the index-th logical frame, innermost first, of the return address pc.
func frameAt(pc uintptr, index int, f *frameInfo) bool

// A Frame is one call of a stack.
type Frame struct {
	PC       uintptr // of the calling instruction
	Func     *Func   // nil for calls that were inlined
	Function string
	File     string
	Line     int

	startLine int

	Entry uintptr
}

// Frames walks the frames behind the addresses that Callers gave.
type Frames struct {
	callers []uintptr
	index   int // next logical frame of callers[0]
}

// CallersFrames prepares to walk; callers must not change meanwhile.
func CallersFrames(callers []uintptr) *Frames { return &Frames{callers: callers} }

// Next returns the next frame, from the innermost outwards, and whether there are more.
func (ci *Frames) Next() (frame Frame, more bool) {
	for len(ci.callers) > 0 {
		pc := ci.callers[0]
		var f frameInfo
		if !frameAt(pc, ci.index, &f) {
			ci.callers, ci.index = ci.callers[1:], 0
			if pc != 0 {
				return Frame{PC: pc&pcMask - 1}, len(ci.callers) > 0
			}
			continue
		}
		if f.more {
			ci.index++
		} else {
			ci.callers, ci.index = ci.callers[1:], 0
		}
		if f.wrapper {
			continue
		}
		frame = Frame{PC: pc&pcMask - 1, Function: f.function, File: f.file, Line: f.line, startLine: f.startLine, Entry: f.entry}
		if !f.inlined {
			frame.Func = (*Func)(f.fn)
		}
		return frame, len(ci.callers) > 0
	}
	return Frame{}, false
}

// A Func is a function of the program: in truth an entry of the function table.
type Func struct {
	opaque struct{}
}

// FuncForPC is the function that contains the address, nil when none does. For an address in an inlined call it is the
// function that was inlined into.
func FuncForPC(pc uintptr) *Func { return (*Func)(findfunc(pc & pcMask)) }

func findfunc(pc uintptr) unsafe.Pointer
func funcName(f unsafe.Pointer) string
func funcEntry(f unsafe.Pointer) uintptr

// Name is the function's name, "main.(*T).M".
func (f *Func) Name() string {
	if f == nil {
		return ""
	}
	return funcName(unsafe.Pointer(f))
}

// Entry is the address of its first instruction.
func (f *Func) Entry() uintptr { return funcEntry(unsafe.Pointer(f)) }

// FileLine says which source line the code at pc belongs to.
func (f *Func) FileLine(pc uintptr) (file string, line int) {
	var info frameInfo
	if !frameAt(pc+1, 0, &info) {
		return "?", 0
	}
	for i := 1; info.more && frameAt(pc+1, i, &info); i++ {
	}
	return info.file, info.line
}
