#include "CPNGShims.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const uint8_t *bytes;
    size_t left;
    char *message;
    size_t message_size;
} source;

static void read_bytes(png_structp png, png_bytep target, size_t count) {
    source *from = png_get_io_ptr(png);
    if (count > from->left) png_error(png, "the data end too early");
    memcpy(target, from->bytes, count);
    from->bytes += count;
    from->left -= count;
}

static void fail(png_structp png, png_const_charp reason) {
    source *from = png_get_error_ptr(png);
    snprintf(from->message, from->message_size, "%s", reason);
    png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp reason) {
    (void)png;
    (void)reason;
}

int tessera_png_decode(
    const uint8_t *bytes, size_t size, uint32_t limit, tessera_png_picture *picture, char *message,
    size_t message_size) {
    source from = {bytes, size, message, message_size};
    // Changed after setjmp and read after longjmp, so they must not live in registers.
    uint8_t *volatile samples = NULL;
    png_bytep *volatile rows = NULL;
    png_infop info = NULL;
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &from, fail, ignore);
    if (png == NULL || (info = png_create_info_struct(png)) == NULL) {
        snprintf(message, message_size, "out of memory");
        png_destroy_read_struct(&png, NULL, NULL);
        return 0;
    }
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_read_struct(&png, &info, NULL);
        free(rows);
        free(samples);
        return 0;
    }
    png_set_read_fn(png, &from, read_bytes);
    png_set_user_limits(png, limit, limit);
    png_read_info(png, info);
    // Everything becomes 8 bits a channel; palettes become RGB and transparent colours become alpha.
    png_set_expand(png);
    png_set_scale_16(png);
    png_set_interlace_handling(png);
    png_read_update_info(png, info);
    picture->width = png_get_image_width(png, info);
    picture->height = png_get_image_height(png, info);
    picture->channels = png_get_channels(png, info);
    size_t stride = png_get_rowbytes(png, info);
    if (picture->channels < 1 || picture->channels > 4
        || stride != (size_t)picture->width * picture->channels)
        png_error(png, "its pixels are not 8-bit grey or RGB after expansion");
    samples = malloc(stride * picture->height);
    rows = malloc(sizeof(png_bytep) * picture->height);
    if (samples == NULL || rows == NULL) png_error(png, "out of memory");
    for (uint32_t row = 0; row < picture->height; row++) rows[row] = samples + row * stride;
    png_read_image(png, rows);
    png_read_end(png, NULL);
    png_destroy_read_struct(&png, &info, NULL);
    free(rows);
    picture->samples = samples;
    return 1;
}
