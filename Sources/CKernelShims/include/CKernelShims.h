// What kernels need of the processor that Swift has no name for.
#pragma once

/// Have the processor bring the line of memory around `address` into its nearest cache, without waiting for it.
/// Any address will do: of one that is not mapped nothing comes.
static inline __attribute__((always_inline)) void tessera_prefetch(const void *address) {
    __builtin_prefetch(address, 0, 3);
}

/// Eight numbers of 16 bits; Swift's SIMD8<Int16>.
typedef short tessera_short8 __attribute__((ext_vector_type(8)));

/// The higher halves of eight products, which Swift's compiler makes by way of 32 bits.
static inline __attribute__((always_inline)) tessera_short8 tessera_high_products(tessera_short8 a, tessera_short8 b) {
#if defined(__SSE2__)
    typedef short words __attribute__((vector_size(16)));
    return (tessera_short8)__builtin_ia32_pmulhw128((words)a, (words)b);
#else
    typedef int tessera_int8 __attribute__((ext_vector_type(8)));
    tessera_int8 products = __builtin_convertvector(a, tessera_int8) * __builtin_convertvector(b, tessera_int8);
    return __builtin_convertvector(products >> 16, tessera_short8);
#endif
}
