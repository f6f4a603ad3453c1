// A pointer that is handed over as a number stays alive for the call, where the callee is promised that.
package p

import "unsafe"

//go:uintptrescapes
func escapes(a int, p uintptr, rest ...uintptr)

func noBody(p uintptr)

func plain(p uintptr) {}

type T struct{}

//go:uintptrescapes
func (T) m(p uintptr) {}

func f(p, q unsafe.Pointer, t T) {
	escapes(1, uintptr(p))                                         // IR: ptrtoint zero call@p.escapes keepalive
	escapes(1, uintptr(p), uintptr(q))                             // IR: ptrtoint ptrtoint new<[1]uintptr> indexaddr store indexaddr slice call@p.escapes keepalive keepalive
	noBody(uintptr(p))                                             // IR: ptrtoint call@p.noBody keepalive
	noBody(uintptr(p) + 1)                                         // IR: ptrtoint add call@p.noBody
	plain(uintptr(p))                                              // IR: ptrtoint call@p.plain
	t.m((uintptr(q)))                                              // IR: load ptrtoint call@p.T.m keepalive func@p.T.m
	T.m(t, uintptr(q))                                             // IR: load ptrtoint call@p.T.m keepalive
	defer noBody(uintptr(p))                                       // IR: ptrtoint closure@p.f.deferwrap1 defer captured captured call@p.noBody keepalive return
	go t.m(uintptr(unsafe.Pointer(&t)))                            // IR: load bitcast ptrtoint closure@p.f.gowrap2 go captured captured captured call@p.T.m keepalive return
}
