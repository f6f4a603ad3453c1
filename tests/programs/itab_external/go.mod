module burrow.example/itabexternal

go 1.27
