import ctypes
import mmap


def main():
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(bytes.fromhex("89f801f0c3"))  # mov eax, edi; add eax, esi; ret
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    add = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_int32, ctypes.c_int32)(address)
    total = 0
    for i in range(2000000):
        total = add(total, 2)
    print(total)


main()
