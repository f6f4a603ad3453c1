// Loops, switches, select, defer.
package p

func f() int
func done(int)

func ranges(s []string, m map[string]int, c chan int, str string) {
	for i, v := range s { // IR: local<int> local<string> len sliceptr jump lt branch indexaddr load store store jump add jump
		_, _ = i, v
	}
	for k := range m { // IR: local<struct { runtime.w0 unsafe.Pointer; runtime.w1 unsafe.Pointer; runtime.w2 unsafe.Pointer; runtime.w3 unsafe.Pointer; runtime.w4 unsafe.Pointer; runtime.w5 unsafe.Pointer; runtime.w6 unsafe.Pointer; runtime.w7 unsafe.Pointer; runtime.w8 unsafe.Pointer; runtime.w9 unsafe.Pointer; runtime.w10 unsafe.Pointer; runtime.w11 unsafe.Pointer }> local<string> mapiterstart jump fieldaddr load zero ne branch bitcast load store jump mapiternext jump
		_ = k
	}
	for v := range c { // IR: local<int> jump recv2 get get branch store jump
		_ = v
	}
	for _, r := range str { // IR: local<int32> len stringptr jump lt branch indexaddr load lt branch convert add jump callruntime#DecodeRune get get jump store jump jump
		_ = r
	}
	for range 3 { // IR: jump lt branch jump add jump
	}
}

func iterate(seq func(func(int) bool)) int {
	for x := range seq { // IR: new<int> store closure@p.iterate-range1 nilcheck callclosure load eq branch callruntime#PanicRangeState unreachable store load eq branch store load return jump local<int> captured captured captured load eq branch callruntime#PanicRangeState unreachable store store
		if x == 3 {
			continue // IR: store return
		}
		if x == 4 {
			break // IR: store return
		}
		return x // IR: load store store store return
	}
	return 0
}

func numbers(n int) {
	switch n { // IR: switch
	case 1, 2, 3:
	case 4, 5:
	}
	switch { // IR:
	case n > 3: // IR: gt branch jump jump
	}
}

func strings(s string) {
	switch s { // IR: len switch
	case "a", "bb", "cc", "dd", "eee", "fff", "g", "h", "i":
	}
}

func choose(a, b chan int) {
	select { // IR: select get get get switch
	case v := <-a: // IR: local<int> store
		_ = v
	case b <- f():
	default:
	}
	select { // IR:
	case <-a: // IR: recv2 get get jump jump
	}
	select {} // IR: selectforever
}

func defers(n int, g func()) {
	defer g()     // IR: defer
	defer done(1) // IR: func@p.defers.deferwrap1 defer call@p.done return
	for n > 0 {
		defer done(n) // IR: closure@p.defers.deferwrap2 defer#loop captured call@p.done return
	}
	go done(n) // IR: closure@p.defers.gowrap3 go captured call@p.done return
}

func arithmetic(x, y int, s uint, f float64, z complex128) {
	_ = x / y   // IR: checkdivide div
	_ = x / 3   // IR: div
	_ = x << s  // IR: shl
	_ = x << y  // IR: checkshift shl
	_ = x << 70 // IR: shl
	_ = f / 0   // IR: div
	_ = z * z   // IR: mul
	_ = min(f, 2, f) // IR: intrinsic#min intrinsic#min
	_ = max(x, y)    // IR: gt condselect
}
