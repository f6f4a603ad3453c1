// Indexing, slicing, append: checks only where nothing is known.
package p

func index(s []int, a *[4]int, str string, i uint8) {
	_ = s[i]    // IR: convert len boundscheck sliceptr indexaddr load
	_ = a[2]    // IR: nilcheck indexaddr load
	_ = a[i]    // IR: convert nilcheck boundscheck indexaddr load
	_ = str[i]  // IR: convert len boundscheck stringptr indexaddr load
}

func slice(s []int, a *[4]int, str string, i, j, k int) {
	s = s[:]     // IR: load sliceptr len cap slice store
	s = s[:j]    // IR: load sliceptr len cap boundscheck slice store
	s = s[i:j]   // IR: load sliceptr len cap boundscheck boundscheck sub sub or ne condselect indexaddr slice store
	s = s[i:j:k] // IR: load sliceptr len cap boundscheck boundscheck boundscheck sub sub or ne condselect indexaddr slice store
	s = a[1:3]   // IR: nilcheck indexaddr indexaddr slice store
	str = str[i:] // IR: load stringptr len boundscheck sub ne condselect indexaddr string store
}

func appending(s, t []int, b []byte, str string) {
	s = append(s, 1, 2)     // IR: load len add cap convert convert gt branch growslice jump sliceptr slice jump sliceptr indexaddr store add indexaddr store store
	s = append(s, t...)     // IR: load len len ne branch add cap convert convert gt branch store growslice jump sliceptr slice jump sliceptr indexaddr slice slicecopy jump
	b = append(b, str...)   // IR: load len len ne branch add cap convert convert gt branch store growslice jump sliceptr slice jump sliceptr indexaddr slice slicecopy jump
}

func literals(x int) {
	_ = []int{1, 2, x}              // IR: new<[3]int> indexaddr store indexaddr store indexaddr store indexaddr slice
	_ = []int{1, 2, 3, 4, 5, 6, 7}  // IR: new<[7]int> global@p..stmp_0 move indexaddr slice
	_ = [3]int{1: x}                // IR: local<[3]int> zeromem indexaddr store load
	_ = map[string]int{"a": x}      // IR: makemap mapassign store
}

func arrays(s [][2]int) [2]int {
	s = append(s, [2]int{1, 2}) // IR: local<[2]int> load indexaddr store indexaddr store load len add cap convert convert gt branch growslice jump sliceptr slice jump sliceptr indexaddr store store
	return s[0]                 // IR: load len boundscheck sliceptr indexaddr load return
}

func convert(s []int) [2]int {
	return [2]int(s) // IR: len boundscheck sliceptr bitcast load return
}

func moved(n int) []int {
	var s []int
	for i := range n {
		s = append(s, i)
	}
	return s // IR: load moveslice store load return
}
