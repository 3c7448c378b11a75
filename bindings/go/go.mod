module libxq.example/xq

go 1.19
