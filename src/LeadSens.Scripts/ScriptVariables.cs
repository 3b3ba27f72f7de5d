using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Descriptors;

namespace LeadSens.Scripts;

/// <summary>The object <c>variables</c>: one property per variable in scope. It keeps nothing itself.</summary>
internal sealed class ScriptVariables : ObjectInstance
{
    private readonly Evaluation _evaluation;

    public ScriptVariables(Jint.Engine engine, Evaluation evaluation) : base(engine)
    {
        _evaluation = evaluation;
        Prototype = engine.Intrinsics.Object.PrototypeObject;
    }

    public override JsValue Get(JsValue property, JsValue receiver) => property.IsString() ? Ask(property) ?? Prototype!.Get(property, receiver) : JsValue.Undefined;

    public override bool Set(JsValue property, JsValue value, JsValue receiver)
    {
        if (!property.IsString()) return false;
        _evaluation.Ask(ScriptFunctions.WriteMember, [property.ToString()], value);
        return true;
    }

    public override bool HasProperty(JsValue property) => property.IsString() && Ask(property) is not null;

    public override PropertyDescriptor GetOwnProperty(JsValue property) =>
        property.IsString() && Ask(property) is { } value ? new PropertyDescriptor(value, writable: true, enumerable: false, configurable: true) : PropertyDescriptor.Undefined;

    public override List<JsValue> GetOwnPropertyKeys(Types types = Types.String | Types.Symbol) => [];

    public override IEnumerable<KeyValuePair<JsValue, PropertyDescriptor>> GetOwnProperties() => [];

    public override bool DefineOwnProperty(JsValue property, PropertyDescriptor desc) => false;

    public override bool Delete(JsValue property) => false;

    public override bool PreventExtensions() => false;

    private JsValue? Ask(JsValue property) => _evaluation.Ask(ScriptFunctions.ReadMember, [property.ToString()], null) is { } value && !value.IsUndefined() ? value : null;
}
