#pragma once
#include <stddef.h>
#include <stdint.h>

/// A decoded PNG picture: 8 bits a channel, rows from the top, channels interleaved.
typedef struct {
    uint32_t width;
    uint32_t height;
    /// 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA.
    uint32_t channels;
    /// width * height * channels bytes from malloc; the caller frees them.
    uint8_t *samples;
} tessera_png_picture;

/// Decodes a whole PNG file in memory.
///
/// libpng reports errors by longjmp, which must not cross Swift frames; it stays inside this function.
/// Pictures with a side above `limit` are refused before their memory is taken.
///
/// Returns 1 and fills `picture`, or returns 0 and writes a reason into `message` (`message_size` bytes).
int tessera_png_decode(
    const uint8_t *bytes, size_t size, uint32_t limit, tessera_png_picture *picture, char *message,
    size_t message_size);
