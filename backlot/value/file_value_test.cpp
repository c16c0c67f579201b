#include "backlot/value/file_value.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "backlot/base/test_errors.h"
#include "backlot/value/folder_value.h"
#include "backlot/value/test_blobs.h"

namespace backlot {
namespace {

namespace fs = std::filesystem;

class FileValues : public testing::Test {
 protected:
  FileValues() { fs::create_directories(root); }
  ~FileValues() override { fs::remove_all(root); }

  std::string write(const std::string& name, const std::string& bytes) {
    fs::path path = root / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }
  std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  template <class T>
  Reference save(const T& value) {
    ValueSaver saver(blobs);
    Reference r = codec::save_value(value, saver);
    saver.finish(std::vector<Reference*>{&r});
    return r;
  }
  template <class T>
  T load(const Reference& r) {
    return codec::load_value<T>(r, loader);
  }

  fs::path root = fs::path(testing::TempDir()) / ("files_" + std::to_string(::getpid()));
  MemoryBlobs blobs;
  ValueLoader loader{blobs};
};

TEST_F(FileValues, files_of_any_size_come_back) {
  for (std::size_t size : {0u, 10u, 5000u, 200'000u}) {
    std::string bytes(size, '\xfe');
    FileValue file = FileValue::from(write("in.bin", bytes));
    EXPECT_EQ(file.name(), "in.bin");
    FileValue back = load<FileValue>(save(file));
    EXPECT_EQ(back, file);
    EXPECT_EQ(save(back), save(file));
    back.copy_to(root / "out.bin");
    EXPECT_EQ(read(root / "out.bin"), bytes);
  }
}

TEST_F(FileValues, a_file_may_be_executable) {
  std::string path = write("run.sh", "#!/bin/sh\n");
  Reference plain = save(FileValue::from(path));
  fs::permissions(path, fs::perms::owner_exec, fs::perm_options::add);
  FileValue file = load<FileValue>(save(FileValue::from(path)));
  EXPECT_NE(save(file), plain);
  file.copy_to(root / "copy.sh");
  EXPECT_NE(fs::status(root / "copy.sh").permissions() & fs::perms::owner_exec, fs::perms::none);
}

TEST_F(FileValues, what_is_no_file_is_refused) {
  EXPECT_EQ(code_from([&] { FileValue::from(root / "missing"); }), ErrorCode::not_found);
  EXPECT_EQ(code_from([&] { load<FileValue>(save(std::string("x"))); }), ErrorCode::wrong_type);
  EXPECT_EQ(code_from([] { FileValue("../x", ""); }), ErrorCode::invalid);
  EXPECT_EQ(code_from([&] { value_ops<FileValue>().from_json("1"); }), ErrorCode::unsupported);
  std::string raw = save(FileValue("a", "bc")).inline_bytes;
  for (std::size_t cut = 0; cut < raw.size(); ++cut) {
    Reference damaged = Reference::inlined(TypeTag::file, raw.substr(0, cut));
    EXPECT_EQ(code_from([&] { load<FileValue>(damaged); }), ErrorCode::corrupt);
  }
}

TEST_F(FileValues, folders_come_back) {
  write("tree/a.txt", "a");
  write("tree/sub/b.txt", std::string(1000, 'b'));
  write("tree/sub/deep/large.bin", std::string(300'000, 'c'));
  write("tree/twin.bin", std::string(300'000, 'c'));
  fs::create_directories(root / "tree/empty");
  FolderValue folder = FolderValue::from(root / "tree");
  EXPECT_EQ(folder.entries().size(), 7u);
  Reference saved = save(folder);
  EXPECT_EQ(blobs.blobs.size(), 2u) << "one pack and one large file";
  EXPECT_EQ(blobs.blobs.at(saved.pack).refers_to.size(), 1u);

  FolderValue back = load<FolderValue>(saved);
  EXPECT_EQ(back, folder);
  EXPECT_EQ(save(back), saved);
  EXPECT_EQ(back.at("sub/b.txt").bytes().size(), 1000u);
  EXPECT_EQ(code_from([&] { back.at("sub"); }), ErrorCode::not_found);
  back.copy_to(root / "copy");
  EXPECT_EQ(FolderValue::from(root / "copy"), folder);
  EXPECT_EQ(code_from([&] { back.copy_to(root / "copy"); }), ErrorCode::exists);
}

TEST_F(FileValues, a_folder_holds_only_what_lies_in_it) {
  FolderValue folder;
  for (const char* path : {"", "/etc/passwd", "../x", "a/../../x", "a//b", "a/", "./a", "a/."}) {
    EXPECT_EQ(code_from([&] { folder.add(path, FileValue("x", "")); }), ErrorCode::invalid) << path;
  }
  folder = FolderValue();
  folder.add("a/b", FileValue("x", ""));
  EXPECT_EQ(folder.at("a/b").name(), "b");
  EXPECT_EQ(code_from([&] { folder.add("a/b", FileValue("x", "")); }), ErrorCode::invalid);
  EXPECT_EQ(code_from([&] { folder.add("a/b/c", FileValue("x", "")); }), ErrorCode::invalid);
  fs::create_symlink("/etc", root / "link");
  EXPECT_EQ(code_from([&] { FolderValue::from(root); }), ErrorCode::unsupported);
  EXPECT_EQ(code_from([&] { FolderValue::from(root / "missing"); }), ErrorCode::not_found);
}

TEST_F(FileValues, a_damaged_folder_writes_nothing_elsewhere) {
  auto code = [&](const std::string& raw) {
    return code_from([&] { load<FolderValue>(Reference::inlined(TypeTag::folder, raw)); });
  };
  EXPECT_EQ(code(std::string("\x81\x83\x61"
                             "a\xf4\x40")),
            std::nullopt);
  EXPECT_EQ(code(std::string("\x81\x83\x64../a\xf4\x40")), ErrorCode::corrupt);
  EXPECT_EQ(code(std::string("\x81\x83\x63"
                             "a/b\xf4\x40")),
            ErrorCode::corrupt)
      << "no folder around it";
  EXPECT_EQ(code(std::string("\x82\x81\x61"
                             "b\x81\x61"
                             "a")),
            ErrorCode::corrupt)
      << "out of order";
  EXPECT_EQ(code(std::string("\x82\x83\x61"
                             "a\xf4\x40\x81\x63"
                             "a/b")),
            ErrorCode::corrupt)
      << "a file as a folder";
  EXPECT_EQ(code(std::string("\x81\x82\x61"
                             "a\xf4")),
            ErrorCode::corrupt);
}

}  // namespace
}  // namespace backlot
