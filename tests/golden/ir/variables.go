// Where variables live, and what closures capture.
package p

func use(p *int)
func run(f func())

func local(n int) int {
	x := n // IR: local<int> store
	x++    // IR: load add store
	return x
}

func addressed() {
	x := 1 // IR: new<int> store
	use(&x)
}

func capturedByValue(n int) {
	x := n * 2
	run(func() { println(x) }) // IR: load closure@p.capturedByValue.func1 call@p.run captured callruntime#PrintLock convert callruntime#PrintInt callruntime#PrintNl callruntime#PrintUnlock return
}

func capturedByReference(n int) {
	x := n           // IR: new<int> store
	run(func() { // IR: closure@p.capturedByReference.func1 call@p.run captured
		x++ // IR: load add store
	})
}

func loopVariable() {
	for i := 0; i < 3; i++ { // IR: new<int> store jump new<int> load store branch jump load store jump load add store jump load lt branch
		run(func() { use(&i) }) // IR: closure@p.loopVariable.func1 call@p.run captured call@p.use return
	}
}

func large() {
	var a [100]int // IR: local<[100]int> zeromem
	b := a         // IR: local<[100]int> move
	b[3] = 1       // IR: indexaddr store
	println(b[4])
}

func namedResult() (err error) {
	defer func() { err = nil }() // IR: closure@p.namedResult.func1 defer captured zero store return
	return                       // IR: jump
}
