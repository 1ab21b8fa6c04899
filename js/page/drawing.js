// SPDX-License-Identifier: MIT
// Arrays on canvases, what the browser's own canvas makes, and how far two images are apart.

/** A canvas with an image of 1, 3 or 4 channels. */
export function drawn({data, shape: [height, width, channels = 1]}) {
  const canvas = new OffscreenCanvas(width, height), to = new ImageData(width, height);
  for (let i = 0, from = 0; i < to.data.length; i += 4, from += channels)
    for (let c = 0; c < 4; ++c) to.data[i + c] = c === 3 ? (channels === 4 ? data[from + 3] : 255) : data[from + (channels === 1 ? 0 : c)];
  canvas.getContext('2d').putImageData(to, 0, 0);
  return canvas;
}

/** The same in the page. */
export function show(canvas, image) {
  const source = drawn(image);
  canvas.width = source.width;
  canvas.height = source.height;
  canvas.getContext('2d').drawImage(source, 0, 0);
  return canvas;
}

/** What drawImage makes of a source where its points are to lie; {size, scale, offset} as of Recipe.geometry. */
export function byCanvas(source, {size: [height, width], scale, offset}, quality) {
  const context = new OffscreenCanvas(width, height).getContext('2d');
  context.imageSmoothingQuality = quality;
  context.setTransform(scale[1], 0, 0, scale[0], offset[1], offset[0]);
  context.drawImage(source, 0, 0);
  return {data: context.getImageData(0, 0, width, height).data, shape: [height, width, 4]};
}

// The colours of `isopixel diff`: black for equal pixels, then one for each power of 2.
const COLOURS = [[0, 0, 0], [62, 40, 130], [104, 46, 150], [152, 52, 142], [196, 66, 116], [226, 98, 84], [242, 142, 62], [250, 192, 80], [255, 246, 200]];

/** The colour of a level of a spectrogram, between those. */
export function colourOf(level) {
  const place = (level / 255) * 8, step = Math.min(Math.floor(place), 7);
  return COLOURS[step].map((from, c) => Math.round(from + (COLOURS[step + 1][c] - from) * (place - step)));
}

/** {image, share, mean, most}: differences in colours; the share of pixels that differ; the mean and the largest difference. */
export function difference(a, b) {
  const [height, width] = a.shape, [x, y] = [a, b].map(one => drawn(one).getContext('2d').getImageData(0, 0, width, height).data);
  const image = {data: new Uint8Array(height * width * 3), shape: [height, width, 3]};
  let different = 0, sum = 0, most = 0;
  for (let i = 0, to = 0; i < x.length; i += 4, to += 3) {
    let largest = 0;
    for (let c = 0; c < 3; ++c) {
      const d = Math.abs(x[i + c] - y[i + c]);
      sum += d;
      if (d > largest) largest = d;
    }
    image.data.set(COLOURS[32 - Math.clz32(largest)], to);
    different += largest > 0;
    most = Math.max(most, largest);
  }
  return {image, share: different / (height * width), mean: sum / (height * width * 3), most};
}
