#include "engine/jit/machine_code.hpp"

#include "engine/jit/translator.hpp"
#include "engine/run/run.hpp"

namespace toll {
namespace {

class Translated final : public MachineCode {
 public:
  explicit Translated(const Program& program) : translator_(program, most_bytes(program)) {
    translator_.translate(reinterpret_cast<const void*>(&MachineCode::interpret));
    at_ = translator_.entries();
    enter_ = reinterpret_cast<Enter>(reinterpret_cast<std::uintptr_t>(translator_.enter()));
    translator_.setProtectModeRE();
  }

 private:
  static std::size_t most_bytes(const Program& program) {
    return 65536 + 1024 * program.code.ins.size();
  }
  jit::Translator translator_;
};

}  // namespace

const Ins* MachineCode::interpret(const MachineFrame* frame, const Ins* at) noexcept {
  try {
    return frame->run->execute_one(at);
  } catch (...) {
    *frame->thrown = std::current_exception();
    return nullptr;
  }
}

std::unique_ptr<const MachineCode> MachineCode::make(const Program& program) {
  try {
    return std::make_unique<const Translated>(program);
  } catch (const Xbyak::Error&) {
    return nullptr;  // memory may not be made executable here
  }
}

}  // namespace toll
