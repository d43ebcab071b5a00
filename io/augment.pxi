"""Resizing by other methods, affine maps and colours: part of native.pyx."""


cdef extern from "resample.h" namespace "paratrain::io" nogil:
    cdef enum class Method(int):
        nearest
    cdef struct CWarp "paratrain::io::Warp":
        double m[6]
        int64_t height, width
        Method method
        uint8_t fill
    void c_resample "paratrain::io::resample"(
        const Source&, int64_t, int64_t, Method, uint8_t*) except +raise_native
    cdef struct FloatSource:
        const float* pixels
        int64_t height, width, channels, stride
    void c_resample_floats "paratrain::io::resample"(
        const FloatSource&, int64_t, int64_t, Method, float*) except +raise_native
    void c_warp "paratrain::io::warp"(const Source&, const CWarp&, uint8_t*) except +raise_native


cdef extern from "colour.h" namespace "paratrain::io" nogil:
    cdef struct Tint:
        float matrix[3][3]
        float offset[3]
        float grey
    cdef cppclass CColour "paratrain::io::Colour":
        vector[Tint] before, after
        cbool shifted
        float hue, lightness, saturation
    cdef struct Planes:
        const uint8_t* bytes
        int64_t channels, pixels
    void c_colour "paratrain::io::colour"(const Planes&, const CColour&, const Target&) except +raise_native


def resample(const uint8_t[:, :, ::1] image, int64_t height, int64_t width, int method, part=None):
    """Return an image resized to (height, width) by one of OpenCV's methods, 0 to 4.

    Parameters
    ----------
    image : uint8 array, shape (H, W, channels)
    part : tuple of int, optional
        (top, left, height, width) of the part of the image to take.
    """
    cdef Source source = part_of(image, part)
    if height < 1 or width < 1 or not 0 <= method <= 4:
        raise ValueError(f"[resample] wanted at least 1 x 1 pixel by method 0 to 4; got {height}, {width}, {method}")
    out = np.empty((height, width, source.channels), np.uint8)
    cdef uint8_t[:, :, ::1] view = out
    with nogil:
        c_resample(source, height, width, <Method> method, &view[0, 0, 0])
    return out


def resample_floats(const float[:, :, ::1] image, int64_t height, int64_t width, int method):
    """Return an image of float32 with any number of channels resized to (height, width); values are not limited."""
    cdef FloatSource source
    if not image.size or height < 1 or width < 1 or not 0 <= method <= 4:
        raise ValueError(f"[resample] wanted at least 1 x 1 pixel by method 0 to 4; got {height}, {width}, {method}")
    source.pixels = &image[0, 0, 0]
    source.height, source.width, source.channels = image.shape[0], image.shape[1], image.shape[2]
    source.stride = source.width * source.channels
    out = np.empty((height, width, source.channels), np.float32)
    cdef float[:, :, ::1] view = out
    with nogil:
        c_resample_floats(source, height, width, <Method> method, &view[0, 0, 0])
    return out


def warp(const uint8_t[:, :, ::1] image, matrix, int64_t height, int64_t width, int method, int fill):
    """Return the image sampled along an affine map.

    Parameters
    ----------
    image : uint8 array, shape (H, W, channels)
    matrix : sequence of 6 float
        Pixel (x, y) of the result comes from (m0 x + m1 y + m2, m3 x + m4 y + m5) of the image.
    height, width : int
        Of the result.
    method : int
        0 to 4, as OpenCV numbers them.
    fill : int
        Value outside of the image, 0 to 255.
    """
    cdef Source source = source_of(image)
    cdef CWarp how
    cdef int i
    if height < 1 or width < 1 or not 0 <= method <= 4 or not 0 <= fill <= 255:
        raise ValueError(f"[warp] wanted at least 1 x 1 pixel, method 0 to 4, fill 0 to 255; got {height}, {width}, "
                         f"{method}, {fill}")
    for i in range(6):
        how.m[i] = matrix[i]
    how.height, how.width, how.method, how.fill = height, width, <Method> method, fill
    out = np.empty((height, width, source.channels), np.uint8)
    cdef uint8_t[:, :, ::1] view = out
    with nogil:
        c_warp(source, how, &view[0, 0, 0])
    return out


cdef vector[Tint] tints_of(tints) except *:
    cdef vector[Tint] out
    cdef Tint tint
    cdef int i, j
    for matrix, offset, grey in tints:
        for i in range(3):
            for j in range(3):
                tint.matrix[i][j] = matrix[i][j]
            tint.offset[i] = offset[i]
        tint.grey = grey
        out.push_back(tint)
    return out


def colour(const uint8_t[:, :, ::1] planes, before, hls, after, factor, shift, out):
    """Change the colours of an image and make numbers of them.

    Parameters
    ----------
    planes : uint8 array, shape (channels, H, W)
    before, after : sequence of (matrix, offset, grey)
        Changes of red, green and blue; see `paratrain.io.augment.colour.Tint`.
    hls : tuple of float, or None
        What is added to hue (0 to 180), lightness and saturation (0 to 255) in between.
    factor, shift : sequence of float, one for each channel
        ``out = colour * factor + shift``; not used for uint8.
    out : float32, float16, int8 or uint8 array, shape (channels, H, W)
    """
    cdef CColour program
    cdef Planes source
    cdef Window window
    cdef _Place place = _Place(out)
    if not planes.size or tuple(planes.shape)[:3] != out.shape or planes.shape[0] not in (1, 3, 4):
        raise ValueError(f"[colour] planes {tuple(planes.shape)[:3]} do not fit the place {out.shape} in the batch")
    program.before, program.after = tints_of(before), tints_of(after)
    program.shifted = hls is not None
    if hls is not None:
        program.hue, program.lightness, program.saturation = hls
    source.bytes, source.channels, source.pixels = &planes[0, 0, 0], planes.shape[0], planes.shape[1] * planes.shape[2]
    place.set(0, (0, 0, 0, 0, False), factor, shift, &window)
    with nogil:
        c_colour(source, program, place.target)
