// Leaving scopes: drops in reverse order of declaration, then defers, then the value (language section 13.3).
#include "function_lowering.hpp"

#include <algorithm>

namespace npk::run {

using check::Cleanup;
using check::Variable;

/// The normal end of the innermost block.
void FunctionLowering::close_scope() {
    const auto& bindings = scopes_.back().bindings;
    for (auto binding = bindings.rbegin(); binding != bindings.rend(); ++binding)
        release(*binding);
    scopes_.back().bindings.clear();
    while (!scopes_.back().deferred.empty()) {
        const syntax::DeferStmt* deferred = scopes_.back().deferred.back();
        scopes_.back().deferred.pop_back();
        block(deferred->body);
    }
}

/// pass, fail, return: every open scope's drops, then every pending defer. `kept` is handed to the caller, not dropped.
void FunctionLowering::leave_function(const Variable* kept) {
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
        const std::vector<const Variable*> bindings = scope->bindings;
        for (auto binding = bindings.rbegin(); binding != bindings.rend(); ++binding) {
            if (*binding == kept) {
                if ((*binding)->cleanup == Cleanup::FreePage)
                    out_.emit(Op::DisownPage, scalar_of(home(*binding, (*binding)->span)));
                continue;
            }
            release(*binding);
        }
    }
    // A defer is lowered with what was pending before it, so that leaving from inside it runs only the rest.
    const std::vector<Scope> saved = scopes_;
    for (Scope& scope : scopes_)
        scope.bindings.clear();
    for (std::size_t depth = scopes_.size(); depth-- > 0;) {
        while (!scopes_[depth].deferred.empty()) {
            const syntax::DeferStmt* deferred = scopes_[depth].deferred.back();
            scopes_[depth].deferred.pop_back();
            block(deferred->body);
        }
    }
    scopes_ = saved;
}

/// break and continue run nothing; pages whose bindings they leave behind have no owner any more.
void FunctionLowering::leave_loop(Label target, std::size_t scopes) {
    for (std::size_t depth = scopes_.size(); depth-- > scopes;)
        for (const Variable* binding : scopes_[depth].bindings)
            if (binding->cleanup == Cleanup::FreePage)
                out_.emit(Op::DisownPage, scalar_of(home(binding, binding->span)));
    out_.jump(target);
}

void FunctionLowering::release(const Variable* variable) {
    const std::uint32_t top = out_.top();
    const Label done = out_.label();
    if (const auto flag = alive_.find(variable); flag != alive_.end())
        out_.jump(Op::JumpFalse, flag->second, done);
    const Place place = home(variable, variable->span);
    switch (variable->cleanup) {
    case Cleanup::None: break;
    case Cleanup::UserDrop: {
        const Slot address = address_of(place);
        const Slot base = out_.allocate(2);
        out_.emit(Op::Move, base, address);
        out_.emit_imm(Op::Call, base, builder_.function(variable->type->drop));
        break;
    }
    case Cleanup::FreeHeap: out_.emit(Op::FreeBlock, place.slot); break;
    case Cleanup::FreePage: {
        const check::NativeFunction* native = builder_.page_release();
        if (!native) {
            unsupported(variable->span, "releasing pages without a plugin that offers it");
            break;
        }
        const Slot page = scalar_of(place);
        const Slot base = out_.allocate(2);
        out_.emit(Op::DisownPage, page);
        out_.emit(Op::Move, base, page);
        out_.emit_imm(Op::CallNative, base, builder_.native(native));
        break;
    }
    case Cleanup::DestroyArena: {
        const Slot arena = scalar_of(place);
        const Slot base = out_.allocate(2);
        out_.emit(Op::Move, base, arena);
        out_.emit_imm(Op::CallBuiltin, base, static_cast<std::int64_t>(Routine::ArenaDestroy));
        break;
    }
    }
    out_.bind(done);
    out_.release(top);
}

void FunctionLowering::mark_alive(const Variable* variable) {
    if (variable->cleanup == Cleanup::None) return;
    scopes_.back().bindings.push_back(variable);
    if (variable->cleanup == Cleanup::FreePage)
        out_.emit(Op::OwnPage, scalar_of(home(variable, variable->span)));
    if (!variable->moved_somewhere) return;
    const Slot flag = out_.allocate(1);
    alive_[variable] = flag;
    out_.emit_imm(Op::LoadImm, flag, 1);
}

void FunctionLowering::mark_moved(const Variable* variable) {
    const auto flag = alive_.find(variable);
    if (flag == alive_.end()) return;
    out_.emit_imm(Op::LoadImm, flag->second, 0);
    if (variable->cleanup == Cleanup::FreePage)
        out_.emit(Op::DisownPage, scalar_of(home(variable, variable->span)));
}

} // namespace npk::run
