using Acornima;
using Acornima.Ast;
using LeadSens.Scripts;
using Node = Acornima.Ast.Node;

namespace LeadSens.Engine;

/// <summary>Tells whether a script is bounded by construction, by making it one that is: what is not listed here goes to a host.</summary>
internal sealed class BoundedReader
{
    private readonly Dictionary<string, int> _locals = new(StringComparer.Ordinal);
    private int _nodes;

    /// <summary>Null when a host has to evaluate it.</summary>
    public static BoundedScript? Read(Node root)
    {
        var reader = new BoundedReader();
        try
        {
            BoundedNode[] statements = root is Script script ? [.. reader.Statements(script.Body)] : [reader.Expression(root)];
            return new BoundedScript(statements, reader._locals.Count);
        }
        catch (UnboundedException)
        {
            return null;
        }
    }

    private IEnumerable<BoundedNode> Statements(NodeList<Statement> body)
    {
        // A declaration inside a block is left to the host.
        for (var i = 0; i < body.Count; i++)
        {
            if (body[i] is not (VariableDeclaration or EmptyStatement)) yield return Statement(body[i]);
            else if (body[i] is VariableDeclaration declaration)
                foreach (var declarator in declaration.Declarations) yield return Declaration(declarator);
            else if (i == body.Count - 1) yield return new ConstantNode(Undefined.Value);
        }
    }

    private BoundedNode Statement(Statement statement)
    {
        Count();
        switch (statement)
        {
            case Directive: return new ConstantNode(Undefined.Value);
            case ExpressionStatement plain: return Expression(plain.Expression);
            case ReturnStatement end: return new ReturnNode(end.Argument is null ? new ConstantNode(Undefined.Value) : Expression(end.Argument));
            case BlockStatement block when block.Body.All(inner => inner is not (VariableDeclaration or EmptyStatement)):
                return new BlockNode([.. block.Body.Select(Statement)]);
            case IfStatement choice:
                return new ChoiceNode(Expression(choice.Test), Statement(choice.Consequent), choice.Alternate is null ? new ConstantNode(Undefined.Value) : Statement(choice.Alternate));
            default: throw new UnboundedException();
        }
    }

    private LocalNode Declaration(VariableDeclarator declarator)
    {
        if (declarator is not { Id: Identifier { Name: var name }, Init: { } value } || _locals.ContainsKey(name) || IsKnown(name)) throw new UnboundedException();
        // It is visible only after its declaration.
        var declared = Expression(value);
        _locals[name] = _locals.Count;
        return new LocalNode(_locals[name], declared);
    }

    private static bool IsKnown(string name) =>
        name is "undefined" or "NaN" or "Infinity" or "variables" || ScriptFunctions.IsAccessor(name) || ScriptFunctions.OfRun.ContainsKey(name) || PlainFunctions.All.ContainsKey(name);

    private BoundedNode Expression(Node node)
    {
        Count();
        switch (node)
        {
            case StringLiteral text: return new ConstantNode(text.Value);
            case NumericLiteral number: return new ConstantNode(number.Value);
            case BooleanLiteral flag: return new ConstantNode(flag.Value);
            case NullLiteral: return new ConstantNode(null);
            case Identifier { Name: "undefined" }: return new ConstantNode(Undefined.Value);
            case Identifier { Name: "NaN" }: return new ConstantNode(double.NaN);
            case Identifier { Name: "Infinity" }: return new ConstantNode(double.PositiveInfinity);
            case Identifier name when _locals.TryGetValue(name.Name, out var local): return new LocalNode(local, null);
            case ParenthesizedExpression inner: return Expression(inner.Expression);
            case ChainExpression chain: return new ChainNode(Expression(chain.Expression));
            case MemberExpression member: return Member(member);
            case CallExpression { Optional: false, Callee: Identifier callee } call: return Call(callee.Name, call.Arguments);
            case TemplateLiteral template: return Template(template);
            case ConditionalExpression choice: return new ChoiceNode(Expression(choice.Test), Expression(choice.Consequent), Expression(choice.Alternate));
            case LogicalExpression logical: return new LogicalNode(TakesLeft(logical.Operator), Expression(logical.Left), Expression(logical.Right));
            case BinaryExpression { Operator: Operator.Addition } sum: return new PlusNode(Expression(sum.Left), Expression(sum.Right));
            case BinaryExpression binary: return new BinaryNode(Binary(binary.Operator), Expression(binary.Left), Expression(binary.Right));
            case UpdateExpression: throw new UnboundedException();
            case UnaryExpression unary: return new UnaryNode(Unary(unary.Operator), Expression(unary.Argument));
            case SequenceExpression sequence: return new BlockNode([.. sequence.Expressions.Select(Expression)]);
            case AssignmentExpression { Operator: Operator.Assignment, Left: MemberExpression { Object: Identifier { Name: "variables" } } target } assignment: return Assignment(target, assignment.Right);
            case ArrayExpression list: return new ListNode([.. list.Elements.Select(item => item is null or SpreadElement ? throw new UnboundedException() : Expression(item))]);
            case ObjectExpression target: return Object(target);
            default: throw new UnboundedException();
        }
    }

    private void Count()
    {
        if (++_nodes > ScriptLimits.Nodes) throw new UnboundedException();
    }

    private BoundedNode Member(MemberExpression member)
    {
        var key = Key(member);
        if (member.Object is Identifier { Name: "variables" })
        {
            return member.Computed && key is not ConstantNode ? throw new UnboundedException() : new ReadNode(ScriptFunctions.ReadMember, [ArgumentKind.Text], [key]);
        }

        return new MemberNode(Expression(member.Object), key, member.Optional);
    }

    private BoundedNode Key(MemberExpression member) => member switch
    {
        { Computed: true } => Expression(member.Property),
        { Property: Identifier name } => new ConstantNode(name.Name),
        _ => throw new UnboundedException(),
    };

    private WriteNode Assignment(MemberExpression target, Node value) =>
        Key(target) is ConstantNode key ? new WriteNode(ScriptFunctions.WriteMember, [ArgumentKind.Text, ArgumentKind.Value], [key, Expression(value)], isAssignment: true) : throw new UnboundedException();

    private BoundedNode Call(string name, IReadOnlyList<Node> given)
    {
        if (given.Any(argument => argument is SpreadElement)) throw new UnboundedException();
        List<BoundedNode> arguments = [.. given.Select(Expression)];
        if (PlainFunctions.All.TryGetValue(name, out var plain)) return new PlainNode(plain, name.StartsWith("isNull", StringComparison.Ordinal), arguments.FirstOrDefault());
        if (name != "createEventTriggerUrl" && ScriptFunctions.OfRun.TryGetValue(name, out var signature) || ScriptFunctions.IsAccessor(name) && (signature = ScriptFunctions.SignatureOf(name)) is not null)
            return name[0] == 's' ? new WriteNode(name, signature, arguments, isAssignment: false) : new ReadNode(name, signature, arguments);
        throw new UnboundedException();
    }

    private TemplateNode Template(TemplateLiteral template)
    {
        var parts = new List<BoundedNode>();
        for (var i = 0; i < template.Quasis.Count; i++)
        {
            parts.Add(new ConstantNode(template.Quasis[i].Value.Cooked ?? throw new UnboundedException()));
            if (i < template.Expressions.Count) parts.Add(Expression(template.Expressions[i]));
        }

        return new TemplateNode(parts);
    }

    private ObjectNode Object(ObjectExpression target)
    {
        var members = new List<(string, BoundedNode)>();
        foreach (var node in target.Properties)
        {
            if (node is not Property { Kind: PropertyKind.Init, Computed: false, Method: false } property) throw new UnboundedException();
            var name = property.Key switch { Identifier plain => plain.Name, StringLiteral text => text.Value, _ => throw new UnboundedException() };
            // Members that look like indexes come first in JavaScript, and __proto__ is none; a name that comes twice keeps its first place.
            if (name.Length == 0 || char.IsAsciiDigit(name[0]) || name == "__proto__" || members.Exists(member => member.Item1 == name)) throw new UnboundedException();
            members.Add((name, Expression(property.Value)));
        }

        return new ObjectNode(members);
    }

    private static Func<object?, bool> TakesLeft(Operator operation) => operation switch
    {
        Operator.LogicalAnd => static value => !Plain.Truth(value),
        Operator.LogicalOr => Plain.Truth,
        Operator.NullishCoalescing => static value => value is not (null or Undefined),
        _ => throw new UnboundedException(),
    };

    private static Func<object?, object?, object?> Binary(Operator operation) => operation switch
    {
        Operator.Subtraction => static (a, b) => Plain.Number(a) - Plain.Number(b),
        Operator.Multiplication => static (a, b) => Plain.Number(a) * Plain.Number(b),
        Operator.Division => static (a, b) => Plain.Number(a) / Plain.Number(b),
        Operator.Remainder => static (a, b) => Plain.Number(a) % Plain.Number(b),
        Operator.LessThan => static (a, b) => Plain.Less(a, b),
        Operator.LessThanOrEqual => static (a, b) => Plain.LessOrSame(a, b),
        Operator.GreaterThan => static (a, b) => Plain.Less(b, a),
        Operator.GreaterThanOrEqual => static (a, b) => Plain.LessOrSame(b, a),
        Operator.Equality => static (a, b) => Plain.Alike(a, b),
        Operator.Inequality => static (a, b) => !Plain.Alike(a, b),
        Operator.StrictEquality => static (a, b) => Plain.Same(a, b),
        Operator.StrictInequality => static (a, b) => !Plain.Same(a, b),
        _ => throw new UnboundedException(),
    };

    private static Func<object?, object?> Unary(Operator operation) => operation switch
    {
        Operator.LogicalNot => static value => !Plain.Truth(value),
        Operator.UnaryNegation => static value => -Plain.Number(value),
        Operator.UnaryPlus => static value => Plain.Number(value),
        Operator.TypeOf => Plain.TypeOf,
        Operator.Void => static _ => Undefined.Value,
        _ => throw new UnboundedException(),
    };
}
