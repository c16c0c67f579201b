#include "backlot/value/npy.h"

#include <gtest/gtest.h>

#include <complex>

#include "backlot/base/helper_process.h"
#include "backlot/base/test_errors.h"
#include "backlot/base/whole_file.h"
#include "backlot/value/tensor.h"

namespace backlot {
namespace {

TEST(Npy, head_is_what_the_format_says) {
  std::string head = npy_head(DType::float64, {3, 4});
  std::string expected("\x93NUMPY\x01\x00\x76\x00", 10);
  expected += "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }";
  expected.append(127 - expected.size(), ' ');
  EXPECT_EQ(head, expected + "\n");
  EXPECT_EQ(head.size(), 128u);
}

TEST(Npy, shapes_are_tuples_and_elements_aligned) {
  auto has = [](const std::string& head, const char* part) { return head.find(part) != std::string::npos; };
  EXPECT_TRUE(has(npy_head(DType::boolean, {}), "'|b1', 'fortran_order': False, 'shape': (), }"));
  EXPECT_TRUE(has(npy_head(DType::uint8, {7}), "'|u1', 'fortran_order': False, 'shape': (7,), }"));
  EXPECT_TRUE(has(npy_head(DType::complex128, {0, 2}), "'<c16', 'fortran_order': False, 'shape': (0, 2), }"));
  for (std::size_t dims = 0; dims < 100; ++dims) {
    std::string head = npy_head(DType::int16, Shape(dims, 1));
    EXPECT_EQ(head.size() % 64, 0u);
    EXPECT_EQ(head.back(), '\n');
  }
  EXPECT_EQ(code_from([] { npy_head(DType::int16, Shape(30'000, 1)); }), ErrorCode::unsupported);
}

/// What numpy finds in a file with this tensor: type, shape, sum.
template <class T>
std::string numpy_reads(const Shape& shape) {
  std::string path = testing::TempDir() + "tensor." + std::to_string(getpid()) + ".npy";
  std::vector<T> elements(element_count(shape));
  for (std::size_t i = 0; i < elements.size(); ++i) elements[i] = static_cast<T>(i + 1);
  WholeFile file(path);
  file.add(npy_head(tensor::dtype_of<T>(), shape));
  file.add({reinterpret_cast<const char*>(elements.data()), elements.size() * sizeof(T)});
  file.keep();
  HelperResult read = run_helper({"python3", "-c",
                                  "import numpy, sys\n"
                                  "a = numpy.load(sys.argv[1])\n"
                                  "print(a.dtype, list(a.shape), a.sum(), a.flags['C_CONTIGUOUS'])",
                                  path},
                                 "", std::chrono::seconds(60));
  system_files().remove(path);
  return read.out + read.err;
}

TEST(Npy, numpy_reads_the_same) {
  bool there = false;
  try {
    there = run_helper({"python3", "-c", "import numpy"}, "", std::chrono::seconds(60)).exit_code == 0;
  } catch (const Error&) {}  // no Python
  if (!there) GTEST_SKIP() << "there is no python3 with numpy here: files were not read by NumPy itself";
  EXPECT_EQ(numpy_reads<double>({3, 4}), "float64 [3, 4] 78.0 True\n");
  EXPECT_EQ(numpy_reads<float>({}), "float32 [] 1.0 True\n");
  EXPECT_EQ(numpy_reads<std::int8_t>({5}), "int8 [5] 15 True\n");
  EXPECT_EQ(numpy_reads<std::uint16_t>({2, 0, 3}), "uint16 [2, 0, 3] 0 True\n");
  EXPECT_EQ(numpy_reads<std::int64_t>({2, 2, 2}), "int64 [2, 2, 2] 36 True\n");
  EXPECT_EQ(numpy_reads<std::complex<float>>({2}), "complex64 [2] (3+0j) True\n");
  EXPECT_EQ(numpy_reads<std::uint32_t>({1'000'000}), "uint32 [1000000] 500000500000 True\n");
}

}  // namespace
}  // namespace backlot
