#include "scripted_os.hpp"

#include <boost/test/unit_test.hpp>

namespace npk::wildx::test {

bool ScriptedOs::fails(SystemCall call) {
    history_.push_back(call);
    if (!failing_.contains(history_.size() - 1)) return false;
    failures_.push_back(call);
    return true;
}

Mapped ScriptedOs::map(std::size_t size, Access access) noexcept {
    BOOST_TEST(size % page_size_ == 0u);
    if (fails(SystemCall::Map)) return {nullptr, error_};
    const Mapped mapped = kernel_.map(size, access);
    if (mapped.address) mapped_bytes_ += size;
    return mapped;
}

Mapped ScriptedOs::map_shared(std::size_t size) noexcept {
    if (fails(SystemCall::Map)) return {nullptr, error_};
    const Mapped mapped = kernel_.map_shared(size);
    if (mapped.address) mapped_bytes_ += size;
    return mapped;
}

SystemError ScriptedOs::protect(void* address, std::size_t size, Access access) noexcept {
    BOOST_TEST(size % page_size_ == 0u);
    BOOST_TEST(reinterpret_cast<std::uintptr_t>(address) % page_size_ == 0u);
    return fails(SystemCall::Protect) ? SystemError{error_} : kernel_.protect(address, size, access);
}

SystemError ScriptedOs::move(void* from, std::size_t size, void* to) noexcept {
    BOOST_TEST(size % page_size_ == 0u);
    if (before_move) before_move();
    if (!fails(SystemCall::Move)) return kernel_.move(from, size, to);
    // As the kernel does where it finds out late: the target is gone already.
    BOOST_TEST(!kernel_.unmap(to, size));
    return {error_};
}

SystemError ScriptedOs::decommit(void* address, std::size_t size) noexcept {
    BOOST_TEST(size % page_size_ == 0u);
    return fails(SystemCall::Decommit) ? SystemError{error_} : kernel_.decommit(address, size);
}

SystemError ScriptedOs::unmap(void* address, std::size_t size) noexcept {
    if (fails(SystemCall::Unmap)) return {error_};
    const SystemError error = kernel_.unmap(address, size);
    if (!error) mapped_bytes_ -= size;
    return error;
}

OpenedFile ScriptedOs::open_memory_file(std::size_t size) noexcept {
    return fails(SystemCall::OpenFile) ? OpenedFile{-1, error_} : kernel_.open_memory_file(size);
}

SystemError ScriptedOs::write_file(int descriptor, std::span<const std::byte> bytes) noexcept {
    return fails(SystemCall::WriteFile) ? SystemError{error_} : kernel_.write_file(descriptor, bytes);
}

SystemError ScriptedOs::seal_file(int descriptor) noexcept {
    return fails(SystemCall::SealFile) ? SystemError{error_} : kernel_.seal_file(descriptor);
}

SystemError ScriptedOs::map_file(int descriptor, void* address, std::size_t size) noexcept {
    return fails(SystemCall::MapFile) ? SystemError{error_} : kernel_.map_file(descriptor, address, size);
}

SystemError ScriptedOs::map_copy(int descriptor, void* address, std::size_t size) noexcept {
    return fails(SystemCall::MapCopy) ? SystemError{error_} : kernel_.map_copy(descriptor, address, size);
}

// A close that fails has closed all the same (close(2)).
SystemError ScriptedOs::close_file(int descriptor) noexcept {
    const SystemError error = kernel_.close_file(descriptor);
    return fails(SystemCall::CloseFile) ? SystemError{error_} : error;
}

SystemError ScriptedOs::make_permanent(void* address, std::size_t size) noexcept {
    if (fails(SystemCall::MakePermanent)) return {error_};
    return pretends_permanence ? SystemError{} : kernel_.make_permanent(address, size);
}

SystemError ScriptedOs::random(std::span<std::byte> bytes) noexcept {
    return fails(SystemCall::Random) ? SystemError{error_} : kernel_.random(bytes);
}

} // namespace npk::wildx::test
