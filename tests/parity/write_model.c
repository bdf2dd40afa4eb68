// Writes one model file with every dtype to standard output, for model_file.py.
#include <stdint.h>
#include <stdio.h>

#include <bantam/bantam.h>

int main(void)
{
    static const int8_t i8[3] = {-128, 0, 127};
    static const uint8_t u8[2] = {0, 255};
    static const int16_t i16[2] = {-32768, 32767};
    static const uint16_t u16[1] = {65535};
    static const int32_t i32[2] = {INT32_MIN, INT32_MAX};
    static const uint32_t u32[1] = {UINT32_MAX};
    static const float f32[6] = {0, 1, 2, 3, 4, 0.1F};
    static const double f64[1] = {0.1};
    static const bantam_tensor tensors[] = {
        {"i8", BANTAM_I8, 1, {3}, i8, sizeof i8},
        {"u8", BANTAM_U8, 1, {2}, u8, sizeof u8},
        {"i16", BANTAM_I16, 1, {2}, i16, sizeof i16},
        {"u16", BANTAM_U16, 1, {1}, u16, sizeof u16},
        {"i32", BANTAM_I32, 1, {2}, i32, sizeof i32},
        {"u32", BANTAM_U32, 1, {1}, u32, sizeof u32},
        {"f32", BANTAM_F32, 2, {2, 3}, f32, sizeof f32},
        {"f64", BANTAM_F64, 0, {0}, f64, sizeof f64},
        {"none", BANTAM_F32, 2, {0, 4}, NULL, 0},
    };
    static const bantam_metadata metadata[] = {{"kind", "test"}, {"quoted", "\"\xc3\xa4\n"}};
    bantam_buffer out;
    bantam_buffer_init(&out, 1 << 16);
    bantam_error error;
    if (bantam_model_write(&out, tensors, sizeof tensors / sizeof *tensors, metadata, 2, &error)) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    int failed = fwrite(out.data, 1, out.size, stdout) != out.size;
    bantam_buffer_release(&out);
    return failed;
}
