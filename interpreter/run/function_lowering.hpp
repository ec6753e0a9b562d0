#pragma once
// Lowers one function. The parts live in the files that the sections below name.
#include "code_builder.hpp"
#include "representation.hpp"

#include <optional>
#include <unordered_map>
#include <vector>

namespace npk::run {

enum class PlaceKind : std::uint8_t {
    Unit,     ///< no value
    Register, ///< scalar in `slot`
    Frame,    ///< at byte `offset` of the frame, in natural form
    Pointer,  ///< at the address in `slot`, plus `offset`, in natural form
};

/// Where a value is, or is to go.
struct Place {
    PlaceKind kind = PlaceKind::Unit;
    const check::Type* type = nullptr;
    Slot slot = 0;
    std::int64_t offset = 0;

    bool operator==(const Place&) const = default;
};

using Wanted = std::optional<Place>;

/// A Result that is looked at: either in flight (status and value as a call left them) or stored.
struct ResultView {
    bool in_flight = false;
    Slot status = 0; ///< in flight
    Place value;
    Place stored; ///< the whole Result, when not in flight
};

/// A block being lowered: what is to be done when it is left.
struct Scope {
    std::vector<const check::Variable*> bindings;   ///< with a cleanup, in the order of declaration
    std::vector<const syntax::DeferStmt*> deferred; ///< those that control has reached
};

/// Where break and continue lead.
struct LoopTarget {
    Label break_label;
    Label continue_label;
    std::size_t scopes = 0; ///< open scopes outside of the loop
};

/// Where `fall` leads.
struct FallTarget {
    std::string_view name;
    Label label;
};

class FunctionLowering {
public:
    FunctionLowering(CodeBuilder& builder, bool far) : builder_(builder), out_(far) {}

    /// Lowers a function of the program.
    void lower_function(const check::Function& function);
    /// Lowers a function that takes all by value and calls this one, which borrows parameters or its result.
    void lower_adapter(const check::Function& function);
    /// Lowers the function that initialises the globals.
    void lower_globals();

    [[nodiscard]] Emitter& emitter() { return out_; }
    [[nodiscard]] std::uint32_t parameter_slots() const { return parameter_slots_; }
    [[nodiscard]] std::uint64_t result_bytes() const { return result_bytes_; }

private:
    // ---- functions and variables (function_lowering.cpp) ----
    void place_parameters(const check::Function& function);
    void test_clauses(const std::vector<syntax::Expr*>& clauses);
    [[nodiscard]] Place home(const check::Variable* variable, syntax::Span span);
    /// Gives a new local its storage; cells and blocks are allocated.
    Place declare(const check::Variable* variable);
    void declare_borrow(const check::Variable* variable, syntax::Expr* host);
    void test_limit(const check::Variable* variable);
    [[nodiscard]] Place temporary(const check::Type* type);

    // ---- statements (lower_statements.cpp, lower_loops.cpp) ----
    void statement(const syntax::Stmt* statement);
    void block(const syntax::Block* block);
    void statements(const std::vector<syntax::Stmt*>& list);
    void variable_declaration(const syntax::VarDecl* declaration);
    void expression_statement(const syntax::Expr* expression);
    void if_statement(const syntax::IfStmt* statement);
    void pass_statement(const syntax::PassStmt* statement);
    void return_value(syntax::Expr* value);
    void fail_statement(const syntax::FailStmt* statement);
    void return_statement(const syntax::ReturnStmt* statement);
    void leave_loop(Label target, std::size_t scopes);
    void while_loop(const syntax::WhileStmt* statement);
    void for_range(const syntax::ForInStmt* statement);
    void for_array(const syntax::ForInStmt* statement);
    void for_loop(const syntax::ForStmt* statement);
    void counted_loop(syntax::Expr* start, syntax::Expr* limit, syntax::Expr* step,
                      const check::Variable* counter, const syntax::Block* body);
    void when_loop(const syntax::WhenStmt* statement);
    void body_block(const syntax::Stmt* body);

    // ---- pick (lower_pick.cpp) ----
    void pick_statement(const syntax::PickStmt* statement);
    void test_arm(const syntax::PickArm& arm, const Place& selector, Label next);
    void bind_fields(const syntax::PickArm& arm, const Place& selector);

    // ---- leaving scopes (lower_scopes.cpp) ----
    void close_scope();
    void leave_function(const check::Variable* kept);
    void release(const check::Variable* variable);
    void mark_alive(const check::Variable* variable);
    void mark_moved(const check::Variable* variable);

    // ---- expressions (lower_expressions.cpp) ----
    /// The value of an expression with its implicit conversion. It may, but need not, be put where it is wanted.
    Place evaluate(const syntax::Expr* e, Wanted wanted = std::nullopt);
    /// The same, put there.
    void evaluate_to(const syntax::Expr* e, const Place& target);
    /// A scalar's slot.
    Slot scalar(const syntax::Expr* e);
    Slot scalar_of(const Place& place);
    /// The same, converted; in a slot of its own when evaluating `later` (may be null) could change a variable.
    Slot operand_slot(const syntax::Expr* e, const check::Type* type, const syntax::Expr* later);
    Place evaluate_plain(const syntax::Expr* e, const Wanted& wanted);
    Place constant(const check::Constant& constant, const check::Type* type, const Wanted& wanted);
    Place number_literal(std::int64_t value, const check::Type* type, const Wanted& wanted);
    Place text_literal(const std::string& text, const Wanted& wanted, const check::Type* type);
    Place template_text(const syntax::TemplateExpr* e, const Wanted& wanted);
    /// Appends a template's pieces to the text under way.
    void template_pieces(const syntax::TemplateExpr* e);
    Place struct_literal(const syntax::StructLiteral* e, const Wanted& wanted);
    Place array_literal(const syntax::ArrayLiteral* e, const Wanted& wanted);
    Place lambda(const syntax::LambdaExpr* e, const Wanted& wanted);
    Place function_value(const check::Function* function, const Wanted& wanted, const check::Type* type);
    Place conditional(const syntax::ConditionalExpr* e, const Wanted& wanted);
    Place defaulted(const syntax::DefaultExpr* e, const Wanted& wanted);
    Place coalesced(const syntax::DefaultExpr* e, const Wanted& wanted);
    Place optional_member(const syntax::MemberExpr* e, const Wanted& wanted);
    Place macro(const syntax::MacroCallExpr* e, const Wanted& wanted);
    Place slice_copy(const syntax::IndexExpr* e, const Wanted& wanted);
    /// A fresh place of this type: the wanted one when there is one.
    [[nodiscard]] Place target(const Wanted& wanted, const check::Type* type);

    // ---- conversions (lower_conversions.cpp) ----
    Place convert(const Place& from, const check::Type* to, const Wanted& wanted);
    Place cast(const syntax::CastExpr* e, const Wanted& wanted);
    /// Numbers, bool and enums. With `checked`, a trap when the value does not fit.
    Place convert_number(const Place& from, const check::Type* to, bool checked, const Wanted& wanted);
    void convert_integer(Slot from, const check::Type* from_type, Slot to, const check::Type* to_type,
                         bool checked);

    // ---- operators (lower_operators.cpp) ----
    Place binary(const syntax::BinaryExpr* e, const Wanted& wanted);
    Place unary(const syntax::UnaryExpr* e, const Wanted& wanted);
    Place step(const syntax::UnaryExpr* e, const Wanted& wanted);
    Place assign(const syntax::AssignExpr* e, const Wanted& wanted);
    Place compound(const syntax::AssignExpr* e);
    void arithmetic(syntax::BinaryOp op, const check::Type* type, bool signed_rule, Slot target, Slot left,
                    Slot right);
    void shift(syntax::BinaryOp op, const check::Type* type, bool sign, Slot target, Slot left, Slot right);
    void normalise(Slot slot, const check::Type* type);
    Place comparison(const syntax::BinaryExpr* e, const Wanted& wanted);
    /// target = left op right, for values of one type.
    void compare(syntax::BinaryOp op, const Place& left, const Place& right, Slot target);
    /// Jumps to the label when the condition is `when`.
    void branch(const syntax::Expr* condition, Label target, bool when);
    bool branch_on_comparison(const syntax::BinaryExpr* e, Label target, bool when);

    // ---- places (lower_places.cpp) ----
    /// The storage that an expression names; a temporary for anything that names none.
    Place place_of(const syntax::Expr* e);
    Place member_place(const syntax::MemberExpr* e);
    Place element_place(const syntax::IndexExpr* e);
    [[nodiscard]] Place part(const Place& whole, std::uint64_t offset, const check::Type* type);
    /// A slot with the address of a place; registers are spilled.
    Slot address_of(const Place& place);
    /// A pointer place whose offset fits an instruction.
    [[nodiscard]] Place near_pointer(const Place& place);
    void load(Slot target, const Place& from);
    void store(const Place& target, const Place& from);
    void store_scalar(const Place& target, Slot from);
    void copy(const Place& target, const Place& from);
    void clear(const Place& target);
    Place load_element(const syntax::IndexExpr* e, const Wanted& wanted);
    bool store_element(const syntax::IndexExpr* target, Slot value);

    // ---- calls (lower_calls.cpp) ----
    Place call(const syntax::CallExpr* e, const Wanted& wanted);
    /// Calls and returns the first slot of the callee's frame: the status; the value follows.
    Slot call_function(const syntax::CallExpr* e);
    Slot call_value(const syntax::CallExpr* e);
    Place call_native(const syntax::CallExpr* e);
    void arguments(const check::Function& function, const std::vector<const syntax::Expr*>& arguments,
                   Slot base);
    void rest_arguments(const check::Variable& rest, const std::vector<const syntax::Expr*>& arguments,
                        std::size_t first, Slot target);
    void argument(const check::Variable& parameter, const syntax::Expr* e, Slot slot);
    [[nodiscard]] static std::vector<const syntax::Expr*> all_arguments(const syntax::CallExpr* e);
    [[nodiscard]] Place value_after(Slot base, const check::Type* type) const;
    ResultView result_of(const syntax::Expr* e);
    Place stored_result(const ResultView& view, const check::Type* type, const Wanted& wanted);

    // ---- builtins (lower_builtins.cpp) ----
    Place call_builtin(const syntax::CallExpr* e, const Wanted& wanted);
    Place absolute(const syntax::CallExpr* e);
    Place extreme(const syntax::CallExpr* e, bool smallest);
    bool print_template(const syntax::CallExpr* e);
    void tagged(const syntax::Expr* e, Slot target);
    [[nodiscard]] static std::int64_t type_tag(const check::Type& type);

    void trap(TrapKind kind, const std::string& text, std::uint32_t code = 99);
    void unsupported(syntax::Span span, const std::string& what) { builder_.unsupported(span, what); }
    [[nodiscard]] static std::optional<std::int64_t> small_constant(const syntax::Expr* e);
    [[nodiscard]] static bool may_write(const syntax::Expr* e);
    [[nodiscard]] static bool writes_target_last(const syntax::Expr* e);

    CodeBuilder& builder_;
    Emitter out_;
    const check::Function* function_ = nullptr;
    std::uint32_t parameter_slots_ = 0;
    std::uint64_t result_bytes_ = 0;
    std::unordered_map<const check::Variable*, Place> homes_;
    std::unordered_map<const check::Variable*, Slot>
        alive_; ///< run-time flags of bindings that may have moved
    std::vector<Scope> scopes_;
    std::vector<LoopTarget> loops_;
    std::vector<FallTarget> falls_;
};

} // namespace npk::run
