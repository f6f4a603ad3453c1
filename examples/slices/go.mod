module burrow.example/slices

go 1.27
